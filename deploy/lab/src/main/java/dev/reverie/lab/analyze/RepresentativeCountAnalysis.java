package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.lab.analyze.Figure.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures how the final accuracy depends on the number of clusters per class and the number of representatives per
 * cluster, with at most 64 representatives per class (DREAM, figure 3 and table 5).
 */
final class RepresentativeCountAnalysis implements Analysis {

    private static final List<Integer> CLUSTERS = List.of(8, 16, 32, 64);
    private static final List<Integer> PER_CENTROID = List.of(1, 4);
    private static final int MAX_REPRESENTATIVES = 64;

    private static Map<Integer, RunVariant> variants(int perCentroid, AnalysisSettings settings) {
        Map<Integer, RunVariant> variants = new TreeMap<>();
        CLUSTERS.stream()
                .filter(clusters -> clusters * perCentroid <= MAX_REPRESENTATIVES)
                .forEach(clusters -> variants.put(
                        clusters,
                        new RunVariant(
                                clusters + " x " + perCentroid,
                                seed -> withClusters(clusters, perCentroid, settings.dream(seed)))));
        return variants;
    }

    private static DistillationSettings withClusters(int clusters, int perCentroid, DistillationSettings run) {
        return run.withRepresentatives(
                run.representatives().withCount(clusters * perCentroid).withPerCentroid(perCentroid));
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings settings) {
        return PER_CENTROID.stream()
                .flatMap(each ->
                        RunVariant.runs(List.copyOf(variants(each, settings).values()), settings))
                .toList();
    }

    @Override
    public List<AccuracyTask> accuracyTasks(AnalysisSettings settings) {
        return runs(settings).stream().map(AccuracyTask::last).toList();
    }

    @Override
    public Result analyze(AnalysisRunCache runs) throws IOException {
        CsvWriter table = CsvWriter.of("clusters", "per_centroid", "seed", "accuracy");
        List<Series> series = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (int perCentroid : PER_CENTROID) {
            FinalAccuracies accuracies = FinalAccuracies.of(variants(perCentroid, runs.settings()), runs);
            accuracies.runs().forEach(run -> table.add(run.value(), perCentroid, run.seed(), run.accuracy()));
            series.add(accuracies.series(perCentroid + " per centroid"));
            summaries.add(accuracies.summary());
        }
        Figure figure =
                new Figure("Accuracy over the number of clusters", "clusters per class", "accuracy (%)", series);
        return new Result(table, figure, String.join(", ", summaries));
    }
}
