package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.select.SelectionRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The matching loss of DC, DSA and IDC over the inner loops, each with DREAM's two parts and without (DREAM, figure
 * 4c). Losses of different methods are not on one scale, so the figure shows each in units of the first outer iteration
 * without.
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

    private static List<Pair> pairs(AnalysisSettings study) {
        return List.of(
                Pair.of("dc", seed -> study.settings(Method.DC, seed)),
                Pair.of("dsa", seed -> study.settings(Method.DSA, seed)),
                Pair.of("idc", study::random));
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return pairs(study).stream()
                .flatMap(pair -> RunVariant.runs(pair.both(), study))
                .toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        AnalysisSettings study = laboratory.study();
        CsvTable table = CsvTable.of("method", "dream", "seed", "loop", "loss");
        List<Series> series = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (Pair pair : pairs(study)) {
            List<CurveStatistics> curves = new ArrayList<>();
            for (RunVariant variant : pair.both()) {
                CurveStatistics curve = new CurveStatistics();
                for (long seed : study.seeds()) {
                    List<Double> losses = laboratory.recording(variant.of(seed)).losses();
                    for (int loop = 0; loop < losses.size(); loop++) {
                        String with = variant.equals(pair.with()) ? "yes" : "no";
                        table.add(pair.name(), with, seed, loop, losses.get(loop));
                    }
                    byOuter(losses, study.innerLoops(), curve);
                }
                curves.add(curve);
            }
            double unit = curves.getFirst().first().mean();
            series.add(curves.getFirst().series(pair.without().name(), 1 / unit));
            series.add(curves.getLast().series(pair.with().name(), 1 / unit));
            said.add("%s %.2f with and %.2f without"
                    .formatted(
                            pair.name(),
                            curves.getLast().last().mean() / unit,
                            curves.getFirst().last().mean() / unit));
        }
        Figure figure = new Figure(
                "Matching loss with DREAM's parts and without",
                "inner loops",
                "mean loss of an outer iteration (without, first = 1)",
                Scale.LINEAR,
                series);
        return new AnalysisResult(table, figure, String.join(", ", said));
    }

    /** Adds the mean loss of each outer iteration, by the inner loops done after it. */
    private static void byOuter(List<Double> losses, int innerLoops, CurveStatistics curve) {
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
