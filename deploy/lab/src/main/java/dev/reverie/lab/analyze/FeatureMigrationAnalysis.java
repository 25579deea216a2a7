package dev.reverie.lab.analyze;

import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.select.Features;
import dev.reverie.lab.analyze.Figure.Series;
import dev.reverie.lab.analyze.RunRecording.LoopSnapshot;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how far synthetic images move between consecutive snapshots: the mean Euclidean distance between their
 * features in an untrained network (DREAM, figures 1b and 4a).
 */
final class FeatureMigrationAnalysis implements Analysis {

    @Override
    public List<RunVariant> variants(AnalysisSettings settings) {
        return RunVariant.dreamAndRandom(settings);
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        CsvTable table = new CsvTable(List.of("selection", "seed", "loops", "class", "distance"));
        List<Series> series = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (RunVariant variant : variants(settings)) {
            CurveStatistics curve = new CurveStatistics();
            for (long seed : settings.seeds()) {
                List<LoopSnapshot> snapshots = runs.recording(variant.of(seed)).snapshots();
                for (int label = 0; label < settings.dataset().classes(); label++) {
                    List<Double> distances = distances(runs, variant.of(seed), snapshots, label);
                    for (int i = 0; i < distances.size(); i++) {
                        int loops = snapshots.get(i + 1).loop();
                        table.add(variant.name(), seed, loops, label, distances.get(i));
                        curve.add(loops, distances.get(i));
                    }
                }
            }
            if (!curve.isEmpty()) {
                series.add(curve.series(variant.name(), 1));
                summaries.add("%s %.3g at the end"
                        .formatted(variant.name(), curve.last().mean()));
            }
        }
        Figure figure = new Figure(
                "Migration of synthetic images between snapshots",
                "inner loops",
                "distance between the features in an untrained network",
                series);
        return new Result(table, figure, String.join(", ", summaries));
    }

    /** Returns the mean distance that the images of a class move from each snapshot to the next. */
    private static List<Double> distances(
            AnalysisRuns runs, DistillationSettings run, List<LoopSnapshot> snapshots, int label) {
        try (NetworkAnalyzer analyzer = runs.analyzer(run)) {
            NetworkState random = analyzer.fresh(new NetworkId(
                    run.schedule().outerIterations(), runs.settings().dataset().classes()));
            List<Features> features = snapshots.stream()
                    .map(snapshot -> analyzer.features(
                            random, snapshot.classes().get(label).synthetic()))
                    .toList();
            List<Double> distances = new ArrayList<>();
            for (int i = 1; i < features.size(); i++) {
                distances.add(distance(features.get(i - 1), features.get(i)));
            }
            return distances;
        }
    }

    private static double distance(Features from, Features to) {
        FloatBuffer before = from.values();
        FloatBuffer after = to.values();
        double sum = 0;
        for (int image = 0; image < from.count(); image++) {
            double squared = 0;
            for (int i = 0; i < from.dimension(); i++) {
                double difference = (double) after.get() - before.get();
                squared += difference * difference;
            }
            sum += Math.sqrt(squared);
        }
        return sum / from.count();
    }
}
