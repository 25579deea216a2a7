package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.analyze.Figure.Series;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Compares the matching loss of DC, DSA and IDC over the inner loops, with and without DREAM's two parts (DREAM, figure
 * 4c). The losses of different methods have different scales, so the figure divides each loss by that of the same
 * method without DREAM's parts in the first outer iteration.
 */
final class GradientDifferenceAnalysis implements Analysis {

    private record Pair(String name, RunVariant without, RunVariant with) {

        static Pair of(String name, LongFunction<DistillationSettings> published) {
            return new Pair(
                    name,
                    new RunVariant(name, published),
                    new RunVariant(
                            name + " + dream",
                            seed -> AnalysisSettings.composed(
                                    published.apply(seed), Initialiser.K_MEANS, SelectionRule.K_MEANS)));
        }

        List<RunVariant> both() {
            return List.of(without, with);
        }
    }

    private static List<Pair> pairs(AnalysisSettings settings) {
        return List.of(
                Pair.of("dc", seed -> settings.settings(Method.DC, seed)),
                Pair.of("dsa", seed -> settings.settings(Method.DSA, seed)),
                Pair.of("idc", settings::random));
    }

    @Override
    public List<RunVariant> variants(AnalysisSettings settings) {
        return pairs(settings).stream().flatMap(pair -> pair.both().stream()).toList();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        CsvTable table = new CsvTable(List.of("method", "dream", "seed", "loop", "loss"));
        List<Series> series = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (Pair pair : pairs(settings)) {
            List<CurveStatistics> curves = new ArrayList<>();
            for (RunVariant variant : pair.both()) {
                CurveStatistics curve = new CurveStatistics();
                for (long seed : settings.seeds()) {
                    List<Double> losses = runs.recording(variant.of(seed)).losses();
                    for (int loop = 0; loop < losses.size(); loop++) {
                        String dream = variant.equals(pair.with()) ? "yes" : "no";
                        table.add(pair.name(), dream, seed, loop, losses.get(loop));
                    }
                    addMeanPerOuterIteration(losses, settings.innerLoops(), curve);
                }
                curves.add(curve);
            }
            double unit = curves.getFirst().first().mean();
            series.add(curves.getFirst().series(pair.without().name(), 1 / unit));
            series.add(curves.getLast().series(pair.with().name(), 1 / unit));
            summaries.add("%s %.2f with and %.2f without"
                    .formatted(
                            pair.name(),
                            curves.getLast().last().mean() / unit,
                            curves.getFirst().last().mean() / unit));
        }
        Figure figure = new Figure(
                "Matching loss with and without DREAM's parts",
                "inner loops",
                "mean loss of an outer iteration (first one without DREAM = 1)",
                series);
        return new Result(table, figure, String.join(", ", summaries));
    }

    /** Adds the mean loss of each outer iteration at the number of inner loops completed by its end. */
    private static void addMeanPerOuterIteration(List<Double> losses, int innerLoops, CurveStatistics curve) {
        for (int start = 0; start < losses.size(); start += innerLoops) {
            int end = Math.min(start + innerLoops, losses.size());
            curve.add(end, mean(losses.subList(start, end)));
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
