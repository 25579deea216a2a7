package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.lab.analyze.RunRecording.LoopSnapshot;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.BandChart.Point;
import dev.reverie.lab.report.BandChart.Series;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares the gradient norms of single images after ten inner loops, for all images of a class, the images in random
 * batches, and DREAM's representatives (DREAM, figures 1a and 3).
 */
final class GradientNormAnalysis implements Analysis {

    /** Number of random batches and of choices of representatives; enough for a few hundred images of each kind. */
    private static final int CHOICES = 10;

    private static final int MIN_BINS = 12;

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return VariantRun.of("dream", settings.seeds(), settings::dream).toList();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        List<Image> images = settings.dataset().trainByClass().get(AnalysisSettings.CLASS);
        CsvTable table = new CsvTable(List.of("selection", "seed", "image", "norm"));
        Map<String, List<Double>> norms = new LinkedHashMap<>();
        for (VariantRun run : runs(settings)) {
            NetworkState network = early(runs.recording(run.settings()).snapshots());
            try (NetworkAnalyzer analyzer = runs.analyzer(run.settings())) {
                List<Double> all = analyzer.gradientNorms(network, images, AnalysisSettings.CLASS);
                choices(run.settings(), images, network, analyzer)
                        .forEach((selection, chosen) -> chosen.forEach(image -> {
                            table.add(selection, run.seed(), image, all.get(image));
                            norms.computeIfAbsent(selection, _ -> new ArrayList<>())
                                    .add(all.get(image));
                        }));
            }
        }
        BandChart chart = BandChart.fromZero(
                "Gradient norms of '" + settings.dataset().classNames().get(AnalysisSettings.CLASS)
                        + "' after ten inner loops",
                "norm of the gradient of one image",
                "share of the images (%)",
                histograms(norms));
        return new Result(table, chart, summary(norms));
    }

    /** Returns the network after ten inner loops, or the first recorded one if the run is shorter. */
    private static NetworkState early(List<LoopSnapshot> snapshots) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.inner() == AnalysisSettings.SNAPSHOT_INTERVAL)
                .findFirst()
                .orElseGet(snapshots::getFirst)
                .network();
    }

    /** Returns the indices of the chosen images by kind of selection; an image that is chosen twice is listed twice. */
    static Map<String, List<Integer>> choices(
            DistillationSettings run, List<Image> images, NetworkState network, NetworkAnalyzer analyzer) {
        Map<String, List<Integer>> choices = new LinkedHashMap<>();
        choices.put("all", IntStream.range(0, images.size()).boxed().toList());
        choices.put("random", new ArrayList<>());
        choices.put("dream", new ArrayList<>());
        int candidateCount = Math.min(run.representatives().candidates(), images.size());
        int count = Math.min(run.representatives().count(), candidateCount);
        for (long draw = 0; draw < CHOICES; draw++) {
            choices.get("random").addAll(RandomSelection.of(images.size(), count, seed(run, draw, 0)));
            List<Integer> candidates = RandomSelection.of(images.size(), candidateCount, seed(run, draw, 1));
            List<Image> candidateImages = candidates.stream().map(images::get).toList();
            analyzer.representatives(network, candidateImages, count, seed(run, draw, 2)).stream()
                    .map(candidates::get)
                    .forEach(choices.get("dream")::add);
        }
        return choices;
    }

    /** Returns the seed of a part of a draw; with one seed for all parts, they would be similar. */
    private static long seed(DistillationSettings run, long draw, long part) {
        return Seeds.of(run.seed(), Seeds.Purpose.SELECT, draw, part);
    }

    private static List<Series> histograms(Map<String, List<Double>> norms) {
        double largest = norms.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        double width = binWidth(largest);
        int bins = (int) (largest / width) + 1;
        return norms.entrySet().stream()
                .map(each -> Series.curve(each.getKey(), histogram(each.getValue(), width, bins)))
                .toList();
    }

    /** Returns the largest width that gives enough bins and is 1, 2 or 5 times a power of ten. */
    private static double binWidth(double largest) {
        double maxWidth = largest / MIN_BINS;
        double power = Math.pow(10, Math.floor(Math.log10(maxWidth)));
        return Stream.of(5, 2, 1)
                .map(times -> times * power)
                .filter(width -> width <= maxWidth)
                .findFirst()
                .orElse(power);
    }

    private static List<Point> histogram(List<Double> values, double width, int bins) {
        double[] shares = new double[bins];
        values.forEach(value -> shares[(int) (value / width)] += 100.0 / values.size());
        return IntStream.range(0, bins)
                .mapToObj(bin -> new Point((bin + 0.5) * width, new MeanAndStd(shares[bin], 0)))
                .toList();
    }

    private static String summary(Map<String, List<Double>> norms) {
        return norms.entrySet().stream()
                .map(each -> {
                    MeanAndStd norm = MeanAndStd.of(each.getValue());
                    return "%s %.2f +- %.2f".formatted(each.getKey(), norm.mean(), norm.std());
                })
                .collect(Collectors.joining(", "));
    }
}
