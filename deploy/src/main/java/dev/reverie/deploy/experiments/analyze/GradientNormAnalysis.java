package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Mark;
import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkProbe;
import dev.reverie.gpu.method.NetworkState;
import dev.reverie.gpu.select.RandomSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The lengths of the gradients of single images: of all of a class, of those that random batches have, and of those
 * that DREAM chooses, in a network after ten inner loops (DREAM, figures 1a and 3).
 */
final class GradientNormAnalysis implements Analysis {

    /** Choices of either kind, so that there are some hundred images of each. */
    private static final int CHOICES = 10;

    private static final int FEWEST_BINS = 12;

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return study.seeds().stream().map(study::dream).toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        AnalysisSettings study = laboratory.study();
        List<Image> images = study.dataset().trainByClass().get(AnalysisSettings.CLASS);
        CsvTable table = CsvTable.of("selection", "seed", "image", "norm");
        Map<String, List<Double>> norms = new LinkedHashMap<>();
        for (long seed : study.seeds()) {
            DistillationSettings settings = study.dream(seed);
            NetworkState network = early(laboratory.recording(settings).moments());
            try (NetworkProbe probe = laboratory.probe(settings)) {
                List<Double> all = probe.gradientNorms(network, images, AnalysisSettings.CLASS);
                choices(settings, images, network, probe)
                        .forEach((selection, chosen) -> chosen.forEach(image -> {
                            table.add(selection, seed, image, all.get(image));
                            norms.computeIfAbsent(selection, _ -> new ArrayList<>())
                                    .add(all.get(image));
                        }));
            }
        }
        Figure figure = new Figure(
                "Gradient norms of '" + study.dataset().classNames().get(AnalysisSettings.CLASS)
                        + "' after ten inner loops",
                "norm of the gradient of one image",
                "share of the images (%)",
                Scale.LINEAR,
                histograms(norms));
        return new AnalysisResult(table, figure, said(norms));
    }

    /** The network as it was after ten inner loops, or as soon as there was one in a short run. */
    private static NetworkState early(List<LoopSnapshot> moments) {
        return moments.stream()
                .filter(moment -> moment.inner() == AnalysisSettings.BETWEEN_MOMENTS)
                .findFirst()
                .orElseGet(moments::getFirst)
                .network();
    }

    /** Indices of the images, by selection; one that is chosen twice is there twice. */
    private static Map<String, List<Integer>> choices(
            DistillationSettings settings, List<Image> images, NetworkState network, NetworkProbe probe) {
        Map<String, List<Integer>> choices = new LinkedHashMap<>();
        choices.put("all", IntStream.range(0, images.size()).boxed().toList());
        choices.put("random", new ArrayList<>());
        choices.put("dream", new ArrayList<>());
        int looked = Math.min(settings.representatives().candidates(), images.size());
        int count = Math.min(settings.representatives().count(), looked);
        for (long draw = 0; draw < CHOICES; draw++) {
            choices.get("random").addAll(RandomSelection.of(images.size(), count, draw));
            List<Integer> candidates = RandomSelection.of(images.size(), looked, draw);
            List<Image> shown = candidates.stream().map(images::get).toList();
            probe.representatives(network, shown, count, draw).stream()
                    .map(candidates::get)
                    .forEach(choices.get("dream")::add);
        }
        return choices;
    }

    private static List<Series> histograms(Map<String, List<Double>> norms) {
        double most = norms.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        double width = binWidth(most);
        int bins = (int) (most / width) + 1;
        List<Double> middles =
                IntStream.range(0, bins).mapToObj(bin -> (bin + 0.5) * width).toList();
        return norms.entrySet().stream()
                .map(each -> Series.of(each.getKey(), Mark.LINE, middles, shares(each.getValue(), width, bins)))
                .toList();
    }

    /** One, two or five times a power of ten, the widest that leaves enough bins. */
    private static double binWidth(double most) {
        double widest = most / FEWEST_BINS;
        double power = Math.pow(10, Math.floor(Math.log10(widest)));
        return Stream.of(5, 2, 1)
                .map(times -> times * power)
                .filter(width -> width <= widest)
                .findFirst()
                .orElse(power);
    }

    /** Percent of the values in each bin. */
    private static List<Double> shares(List<Double> values, double width, int bins) {
        double[] shares = new double[bins];
        values.forEach(value -> shares[(int) (value / width)] += 100.0 / values.size());
        return Arrays.stream(shares).boxed().toList();
    }

    private static String said(Map<String, List<Double>> norms) {
        return norms.entrySet().stream()
                .map(each -> {
                    MeanAndStd spread = MeanAndStd.of(each.getValue());
                    return "%s %.2f +- %.2f".formatted(each.getKey(), spread.mean(), spread.std());
                })
                .collect(Collectors.joining(", "));
    }
}
