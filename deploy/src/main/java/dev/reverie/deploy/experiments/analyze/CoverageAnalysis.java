package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Mark;
import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkProbe;
import dev.reverie.gpu.method.NetworkState;
import dev.reverie.gpu.select.Features;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the synthetic images of a class lie among the real ones: principal components of the real images' features in a
 * trained network, the last one of DREAM's run with the first seed (DREAM, figure 5, which has t-SNE).
 */
final class CoverageAnalysis implements Analysis {

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        long seed = study.seeds().getFirst();
        return RunVariant.dreamAndRandom(study).stream()
                .map(variant -> variant.of(seed))
                .toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        AnalysisSettings study = laboratory.study();
        DistillationSettings dream = study.dream(study.seeds().getFirst());
        NetworkState trained = laboratory.recording(dream).moments().getLast().network();
        Map<String, ImageBatch> learned = new LinkedHashMap<>();
        for (RunVariant variant : RunVariant.dreamAndRandom(study)) {
            DistillationSettings run = variant.of(study.seeds().getFirst());
            learned.put(variant.name(), last(laboratory.recording(run), study));
        }
        try (NetworkProbe probe = laboratory.probe(dream)) {
            Features real = probe.features(trained, ImageBatch.of(study.sample(AnalysisSettings.CLASS)));
            Map<String, Features> features = new LinkedHashMap<>();
            learned.forEach((set, batch) -> features.put(set, probe.features(trained, batch)));
            return findings(study, real, features);
        }
    }

    private static AnalysisResult findings(AnalysisSettings study, Features real, Map<String, Features> learned) {
        PrincipalPlane plane = PrincipalPlane.of(real);
        Map<String, Features> all = new LinkedHashMap<>(Map.of("real", real));
        all.putAll(learned);
        CsvTable table = CsvTable.of("set", "image", "component_1", "component_2");
        List<Series> series = new ArrayList<>();
        all.forEach((set, points) -> {
            double[][] places = plane.project(points);
            for (int i = 0; i < places.length; i++) {
                table.add(set, i, places[i][0], places[i][1]);
            }
            series.add(Series.of(set, Mark.POINTS, column(places, 0), column(places, 1)));
        });
        Figure figure = new Figure(
                "Synthetic among real images of '"
                        + study.dataset().classNames().get(AnalysisSettings.CLASS) + "'",
                "first principal component",
                "second principal component",
                Scale.LINEAR,
                series);
        String distances = learned.entrySet().stream()
                .map(each -> "%s %.2f".formatted(each.getKey(), toNearest(real, each.getValue())))
                .collect(Collectors.joining(", "));
        return new AnalysisResult(
                table,
                figure,
                "from a real image to the nearest synthetic one: %s; the plane has %.0f %% of the variance"
                        .formatted(distances, 100 * plane.explained()));
    }

    /** What the images of the class decode to in the end. */
    private static ImageBatch last(RunRecording recording, AnalysisSettings study) {
        DistilledSet set = recording.set(study.outerIterations());
        List<Integer> own = IntStream.range(0, set.labels().size())
                .filter(i -> set.labels().get(i) == AnalysisSettings.CLASS)
                .boxed()
                .toList();
        return set.images().pick(own);
    }

    private static List<Double> column(double[][] rows, int column) {
        return IntStream.range(0, rows.length)
                .mapToObj(row -> rows[row][column])
                .toList();
    }

    /** Mean distance from a point to the nearest of others. */
    private static double toNearest(Features points, Features others) {
        return IntStream.range(0, points.count())
                .mapToDouble(i -> Math.sqrt(IntStream.range(0, others.count())
                        .mapToDouble(j -> squaredDistance(points, i, others, j))
                        .min()
                        .orElseThrow()))
                .average()
                .orElseThrow();
    }

    private static double squaredDistance(Features points, int i, Features others, int j) {
        double sum = 0;
        for (int k = 0; k < points.dimension(); k++) {
            double way = (double) points.values().get(i * points.dimension() + k)
                    - others.values().get(j * others.dimension() + k);
            sum += way * way;
        }
        return sum;
    }
}
