package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Accuracy by the number of clusters, and of real images that stand for each; no more than 64 in all (DREAM, figure 3
 * and table 5).
 */
final class RepresentativeCountAnalysis implements Analysis {

    private static final List<Integer> CLUSTERS = List.of(8, 16, 32, 64);
    private static final List<Integer> PER_CENTROID = List.of(1, 4);
    private static final int MOST = 64;

    private static Map<Integer, RunVariant> variants(int perCentroid, AnalysisSettings study) {
        Map<Integer, RunVariant> variants = new TreeMap<>();
        CLUSTERS.stream()
                .filter(clusters -> clusters * perCentroid <= MOST)
                .forEach(clusters -> variants.put(
                        clusters,
                        new RunVariant(clusters + " clusters", seed -> by(clusters, perCentroid, study.dream(seed)))));
        return variants;
    }

    private static DistillationSettings by(int clusters, int perCentroid, DistillationSettings settings) {
        Representatives chosen = settings.representatives();
        return settings.with(
                new Representatives(clusters * perCentroid, chosen.interval(), chosen.candidates(), perCentroid));
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return PER_CENTROID.stream()
                .flatMap(each ->
                        RunVariant.runs(List.copyOf(variants(each, study).values()), study))
                .toList();
    }

    @Override
    public List<AccuracyTask> exams(AnalysisSettings study) {
        return runs(study).stream().map(AccuracyTask::last).toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        List<Long> seeds = laboratory.study().seeds();
        CsvTable table = CsvTable.of("clusters", "per_centroid", "seed", "accuracy");
        List<Series> series = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (int each : PER_CENTROID) {
            FinalAccuracies found = FinalAccuracies.of(variants(each, laboratory.study()), laboratory);
            found.curve().forEach((clusters, bySeed) -> {
                for (int i = 0; i < seeds.size(); i++) {
                    table.add(clusters, each, seeds.get(i), bySeed.get(i));
                }
            });
            series.add(found.series(each + " per centroid"));
            said.add(found.said(clusters -> clusters + " x " + each));
        }
        Figure figure = new Figure(
                "Accuracy by the number of representatives",
                "clusters of a class",
                "accuracy (%)",
                Scale.LINEAR,
                series);
        return new AnalysisResult(table, figure, String.join(", ", said));
    }
}
