package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.RepresentativeSettings;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Measures how the final accuracy of DREAM depends on how its representatives are chosen. */
record FinalAccuracyAnalysis(String title, String xLabel, List<String> columns, List<Choice> choices)
        implements Analysis {

    private static final List<Integer> INTERVALS = List.of(1, 5, 10, 20, 50);
    private static final List<Integer> CLUSTERS = List.of(8, 16, 32, 64);
    private static final List<Integer> PER_CENTROID = List.of(1, 4);
    private static final int MAX_REPRESENTATIVES = 64;

    /**
     * One way of choosing them.
     *
     * @param fields its fields in the table, of which the first is its place on the horizontal axis
     */
    record Choice(String name, String curve, List<Integer> fields, UnaryOperator<RepresentativeSettings> change) {

        DistillationSettings run(AnalysisSettings settings, long seed) {
            DistillationSettings dream = settings.dream(seed);
            return dream.withRepresentatives(change.apply(dream.representatives()));
        }
    }

    /** Varies the number of inner loops between two choices (DREAM, figure 4b). */
    static FinalAccuracyAnalysis ofIntervals() {
        return new FinalAccuracyAnalysis(
                "Accuracy over the interval between choices of representatives",
                "inner loops between two choices of representatives",
                List.of("interval"),
                INTERVALS.stream()
                        .map(interval -> new Choice(
                                "every " + interval, "dream", List.of(interval), base -> base.withInterval(interval)))
                        .toList());
    }

    /**
     * Varies the number of clusters per class and the number of representatives per cluster, with at most 64
     * representatives per class (DREAM, figure 3 and table 5).
     */
    static FinalAccuracyAnalysis ofCounts() {
        return new FinalAccuracyAnalysis(
                "Accuracy over the number of clusters",
                "clusters per class",
                List.of("clusters", "per_centroid"),
                PER_CENTROID.stream()
                        .flatMap(each -> CLUSTERS.stream()
                                .filter(clusters -> clusters * each <= MAX_REPRESENTATIVES)
                                .map(clusters -> new Choice(
                                        clusters + " x " + each,
                                        each + " per centroid",
                                        List.of(clusters, each),
                                        base -> base.withCount(clusters * each).withPerCentroid(each))))
                        .toList());
    }

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return choices.stream()
                .flatMap(choice -> VariantRun.of(choice.name(), settings.seeds(), seed -> choice.run(settings, seed)))
                .toList();
    }

    @Override
    public List<Integer> evaluated(AnalysisSettings settings) {
        return List.of(settings.outerIterations());
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        CsvTable table = new CsvTable(
                Stream.concat(columns.stream(), Stream.of("seed", "accuracy")).toList());
        Curves curves = new Curves();
        Curves byChoice = new Curves();
        for (Choice choice : choices) {
            for (long seed : settings.seeds()) {
                double accuracy = runs.accuracy(choice.run(settings, seed), settings.outerIterations());
                table.add(Stream.concat(choice.fields().stream(), Stream.of(seed, accuracy))
                        .toList());
                curves.add(choice.curve(), choice.fields().getFirst(), accuracy);
                byChoice.add(choice.name(), choice.fields().getFirst(), accuracy);
            }
        }
        BandChart chart = BandChart.fromZero(title, xLabel, "accuracy (%)", curves.percentages());
        return new Result(table, chart, byChoice.lastAccuracies());
    }
}
