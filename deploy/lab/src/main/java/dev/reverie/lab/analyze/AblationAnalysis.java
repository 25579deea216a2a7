package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Compares DREAM with and without each of its two parts, representatives and initialisation, and finds the number of
 * inner loops after which each variant reaches the final accuracy of IDC, which has neither part (DREAM, table 3).
 */
final class AblationAnalysis implements Analysis {

    /** What a variant has of DREAM. */
    private record Parts(String variant, boolean initialisation, boolean representatives) {

        DistillationSettings settings(AnalysisSettings settings, long seed) {
            Initialiser initialiser = initialisation ? Initialiser.K_MEANS : Initialiser.RANDOM;
            SelectionRule rule = representatives ? SelectionRule.K_MEANS : SelectionRule.RANDOM;
            return settings.dream(initialiser, rule, seed);
        }
    }

    private static final Parts IDC = new Parts("idc", false, false);
    private static final Parts DREAM = new Parts("dream", true, true);
    private static final List<Parts> VARIANTS = List.of(
            IDC,
            new Parts("idc + initialisation", true, false),
            new Parts("idc + representatives", false, true),
            DREAM);

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return VARIANTS.stream()
                .flatMap(parts ->
                        VariantRun.of(parts.variant(), settings.seeds(), seed -> parts.settings(settings, seed)))
                .toList();
    }

    @Override
    public List<Integer> evaluated(AnalysisSettings settings) {
        return settings.evaluatedIterations();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        CsvTable table = new CsvTable(List.of(
                "variant", "initialisation", "representatives", "seed", "loops", "accuracy", "first_as_good_as_idc"));
        Curves curves = new Curves();
        Set<String> saved = new LinkedHashSet<>();
        for (Parts parts : VARIANTS) {
            for (long seed : runs.settings().seeds()) {
                OptionalInt asGood = addRun(parts, seed, runs, table, curves);
                if (parts.equals(DREAM)) {
                    saved.add(loopsSaved(asGood, runs.settings()));
                }
            }
        }
        BandChart chart = BandChart.fromZero(
                "Accuracy with and without DREAM's parts", "inner loops", "accuracy (%)", curves.percentages());
        return new Result(table, chart, curves.lastAccuracies() + "; " + String.join(", ", saved));
    }

    /**
     * Adds the accuracies of a run, and returns the loops after which it is as good as IDC in the end, if it ever is.
     */
    private static OptionalInt addRun(Parts parts, long seed, AnalysisRuns runs, CsvTable table, Curves curves)
            throws IOException {
        AnalysisSettings settings = runs.settings();
        double target = runs.accuracy(IDC.settings(settings, seed), settings.outerIterations());
        OptionalInt asGood = OptionalInt.empty();
        for (int outer : settings.evaluatedIterations()) {
            int loops = outer * settings.innerLoops();
            double accuracy = runs.accuracy(parts.settings(settings, seed), outer);
            boolean isFirst = asGood.isEmpty() && accuracy >= target;
            asGood = isFirst ? OptionalInt.of(loops) : asGood;
            table.add(
                    parts.variant(),
                    CsvTable.yesOrNo(parts.initialisation()),
                    CsvTable.yesOrNo(parts.representatives()),
                    seed,
                    loops,
                    accuracy,
                    CsvTable.yesOrNo(isFirst));
            curves.add(parts.variant(), loops, accuracy);
        }
        return asGood;
    }

    private static String loopsSaved(OptionalInt asGood, AnalysisSettings settings) {
        return asGood.isPresent()
                ? "dream reaches idc's final accuracy after " + asGood.getAsInt() + " of "
                        + settings.outerIterations() * settings.innerLoops() + " inner loops"
                : "dream never reaches idc's final accuracy";
    }
}
