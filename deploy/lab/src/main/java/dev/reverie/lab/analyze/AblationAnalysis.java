package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.analyze.AccuracyCurves.Point;
import dev.reverie.lab.analyze.AccuracyCurves.RunCurve;
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

    private record Variant(RunVariant variant, boolean initialisation, boolean representatives) {}

    private static List<Variant> parts(AnalysisSettings settings) {
        return List.of(
                new Variant(new RunVariant(IDC, settings::random), false, false),
                new Variant(
                        new RunVariant(
                                "idc + initialisation",
                                seed -> settings.dream(Initialiser.K_MEANS, SelectionRule.RANDOM, seed)),
                        true,
                        false),
                new Variant(
                        new RunVariant(
                                "idc + representatives",
                                seed -> settings.dream(Initialiser.RANDOM, SelectionRule.K_MEANS, seed)),
                        false,
                        true),
                new Variant(new RunVariant(DREAM, settings::dream), true, true));
    }

    private static List<RunVariant> variants(AnalysisSettings settings) {
        return parts(settings).stream().map(Variant::variant).toList();
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings settings) {
        return RunVariant.runs(variants(settings), settings).toList();
    }

    @Override
    public List<AccuracyTask> accuracyTasks(AnalysisSettings settings) {
        return AccuracyCurves.accuracyTasks(variants(settings), settings);
    }

    @Override
    public Result analyze(AnalysisRunCache runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        AccuracyCurves curves = AccuracyCurves.of(variants(settings), runs);
        CsvWriter table = CsvWriter.of(
                "variant", "initialisation", "representatives", "seed", "loops", "accuracy", "first_as_good_as_idc");
        for (Variant part : parts(settings)) {
            curvesOf(part.variant().name(), curves).forEach(run -> {
                Optional<Point> firstAsGood = asGoodAsIdc(run, curves);
                run.points()
                        .forEach(point -> table.add(
                                part.variant().name(),
                                yesOrNo(part.initialisation()),
                                yesOrNo(part.representatives()),
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
