package dev.reverie.lab.analyze;

import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.select.Features;
import dev.reverie.lab.analyze.RunRecording.LoopSnapshot;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures how far synthetic images move between consecutive snapshots: the mean Euclidean distance between their
 * features in an untrained network (DREAM, figures 1b and 4a).
 */
final class FeatureMigrationAnalysis implements Analysis {

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return VariantRun.ofRandomAndDream(settings, settings.seeds());
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        CsvTable table = new CsvTable(List.of("selection", "seed", "loops", "class", "distance"));
        Curves curves = new Curves();
        for (VariantRun run : runs(settings)) {
            List<LoopSnapshot> snapshots = runs.recording(run.settings()).snapshots();
            for (int label = 0; label < settings.dataset().classes(); label++) {
                List<Features> features = features(runs, run, snapshots, label);
                for (int i = 1; i < features.size(); i++) {
                    int loops = snapshots.get(i).loop();
                    double distance = distance(features.get(i - 1), features.get(i));
                    table.add(run.variant(), run.seed(), loops, label, distance);
                    curves.add(run.variant(), loops, distance);
                }
            }
        }
        BandChart chart = BandChart.fromZero(
                "Migration of synthetic images between snapshots",
                "inner loops",
                "distance between the features in an untrained network",
                curves.series());
        return new Result(table, chart, curves.summary(variant -> "%s %.3g at the end"
                .formatted(variant, curves.last(variant).mean())));
    }

    private static List<Features> features(AnalysisRuns runs, VariantRun run, List<LoopSnapshot> snapshots, int label) {
        try (NetworkAnalyzer analyzer = runs.analyzer(run.settings())) {
            NetworkState random = analyzer.fresh(new NetworkId(
                    run.settings().schedule().outerIterations(),
                    runs.settings().dataset().classes()));
            return snapshots.stream()
                    .map(snapshot -> analyzer.features(
                            random, snapshot.classes().get(label).synthetic()))
                    .toList();
        }
    }

    private static double distance(Features from, Features to) {
        return IntStream.range(0, from.count())
                        .mapToDouble(image -> Math.sqrt(from.squaredDistance(image, to, image)))
                        .reduce(0, Double::sum)
                / from.count();
    }
}
