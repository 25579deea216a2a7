package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the matching loss of DC, DSA and IDC over the inner loops, with and without DREAM's two parts (DREAM, figure
 * 4c). The losses of different methods have different scales, so the figure divides each loss by that of the same
 * method without DREAM's parts in the first outer iteration.
 */
final class GradientDifferenceAnalysis implements Analysis {

    private static final List<Method> METHODS = List.of(Method.DC, Method.DSA, Method.IDC);

    private static String variant(Method method, boolean dream) {
        return dream ? method.label() + " + dream" : method.label();
    }

    private static DistillationSettings run(AnalysisSettings settings, Method method, boolean dream, long seed) {
        DistillationSettings published = method == Method.IDC ? settings.random(seed) : settings.settings(method, seed);
        return dream ? AnalysisSettings.composed(published, Initialiser.K_MEANS, SelectionRule.K_MEANS) : published;
    }

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return METHODS.stream()
                .flatMap(method -> Stream.of(false, true)
                        .flatMap(dream -> VariantRun.of(
                                variant(method, dream), settings.seeds(), seed -> run(settings, method, dream, seed))))
                .toList();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        CsvTable table = new CsvTable(List.of("method", "dream", "seed", "loop", "loss"));
        Curves curves = new Curves();
        Map<String, Double> units = new HashMap<>();
        for (Method method : METHODS) {
            for (boolean dream : List.of(false, true)) {
                for (long seed : settings.seeds()) {
                    List<Double> losses =
                            runs.recording(run(settings, method, dream, seed)).losses();
                    for (int loop = 0; loop < losses.size(); loop++) {
                        table.add(method.label(), CsvTable.yesOrNo(dream), seed, loop, losses.get(loop));
                    }
                    addMeanPerOuterIteration(losses, settings.innerLoops(), variant(method, dream), curves);
                }
                units.put(variant(method, dream), curves.first(method.label()).mean());
            }
        }
        BandChart chart = BandChart.fromZero(
                "Matching loss with and without DREAM's parts",
                "inner loops",
                "loss (first iteration without DREAM: 1)",
                curves.series(variant -> 1 / units.getOrDefault(variant, 1.0)));
        return new Result(
                table,
                chart,
                METHODS.stream()
                        .map(method -> "%s %.2f with and %.2f without"
                                .formatted(
                                        method.label(),
                                        lastLoss(method, true, curves),
                                        lastLoss(method, false, curves)))
                        .collect(Collectors.joining(", ")));
    }

    /** Returns the loss at the end, divided by that of the method without DREAM's parts at the beginning. */
    private static double lastLoss(Method method, boolean dream, Curves curves) {
        return curves.last(variant(method, dream)).mean()
                / curves.first(method.label()).mean();
    }

    /** Adds the mean loss of each outer iteration at the number of inner loops completed by its end. */
    private static void addMeanPerOuterIteration(List<Double> losses, int innerLoops, String curve, Curves curves) {
        for (int start = 0; start < losses.size(); start += innerLoops) {
            int end = Math.min(start + innerLoops, losses.size());
            curves.add(curve, end, mean(losses.subList(start, end)));
        }
    }

    private static double mean(List<Double> values) {
        return values.stream()
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }
}
