package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.analyze.AccuracyCurves.Point;
import dev.reverie.lab.analyze.AccuracyCurves.RunCurve;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares DREAM with and without each of its two parts, representatives and initialisation, and finds the number of
 * inner loops after which each variant reaches the final accuracy of IDC, which has neither part (DREAM, table 3).
 */
final class AblationAnalysis implements Analysis {

    private static final String IDC = "idc";
    private static final String DREAM = "dream";

    /** What a variant has of DREAM. */
    private record Parts(String name, boolean initialisation, boolean representatives) {

        RunVariant variant(AnalysisSettings settings) {
            Initialiser initialiser = initialisation ? Initialiser.K_MEANS : Initialiser.RANDOM;
            SelectionRule rule = representatives ? SelectionRule.K_MEANS : SelectionRule.RANDOM;
            return new RunVariant(name, seed -> settings.dream(initialiser, rule, seed));
        }
    }

    private static final List<Parts> VARIANTS = List.of(
            new Parts(IDC, false, false),
            new Parts("idc + initialisation", true, false),
            new Parts("idc + representatives", false, true),
            new Parts(DREAM, true, true));

    @Override
    public List<RunVariant> variants(AnalysisSettings settings) {
        return VARIANTS.stream().map(parts -> parts.variant(settings)).toList();
    }

    @Override
    public List<Integer> evaluated(AnalysisSettings settings) {
        return settings.evaluatedIterations();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AccuracyCurves curves = AccuracyCurves.of(variants(runs.settings()), runs);
        CsvTable table = new CsvTable(List.of(
                "variant", "initialisation", "representatives", "seed", "loops", "accuracy", "first_as_good_as_idc"));
        for (Parts parts : VARIANTS) {
            curvesOf(parts.name(), curves).forEach(run -> {
                Optional<Point> firstAsGood = asGoodAsIdc(run, curves);
                run.points()
                        .forEach(point -> table.add(
                                parts.name(),
                                yesOrNo(parts.initialisation()),
                                yesOrNo(parts.representatives()),
                                run.seed(),
                                point.loops(),
                                point.accuracy(),
                                yesOrNo(firstAsGood.equals(Optional.of(point)))));
            });
        }
        Figure figure =
                new Figure("Accuracy with and without DREAM's parts", "inner loops", "accuracy (%)", curves.series());
        return new Result(table, figure, curves.summary() + "; " + loopsSaved(curves));
    }

    private static String yesOrNo(boolean value) {
        return value ? "yes" : "no";
    }

    private static Stream<RunCurve> curvesOf(String variant, AccuracyCurves curves) {
        return curves.runs().stream().filter(run -> run.variant().name().equals(variant));
    }

    /** Returns the first point that reaches IDC's final accuracy for the same seed, if any does. */
    private static Optional<Point> asGoodAsIdc(RunCurve run, AccuracyCurves curves) {
        double target = curvesOf(IDC, curves)
                .filter(idc -> idc.seed() == run.seed())
                .findFirst()
                .orElseThrow()
                .points()
                .getLast()
                .accuracy();
        return run.points().stream().filter(point -> point.accuracy() >= target).findFirst();
    }

    private static String loopsSaved(AccuracyCurves curves) {
        return curvesOf(DREAM, curves)
                .map(run -> asGoodAsIdc(run, curves)
                        .map(point -> "dream reaches idc's final accuracy after " + point.loops() + " of "
                                + run.points().getLast().loops() + " inner loops")
                        .orElse("dream never reaches idc's final accuracy"))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
