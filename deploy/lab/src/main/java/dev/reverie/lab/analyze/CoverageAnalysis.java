package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.select.Features;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.BandChart.Point;
import dev.reverie.lab.report.BandChart.Series;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * Shows how synthetic images cover the real images of a class. The features of both are computed in the last recorded
 * network of the DREAM run with the first seed and projected onto the first two principal components of the real
 * features (DREAM, figure 5, which uses t-SNE).
 */
final class CoverageAnalysis implements Analysis {

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return VariantRun.ofRandomAndDream(settings, settings.seeds().subList(0, 1));
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        DistillationSettings dream = settings.dream(settings.seeds().getFirst());
        NetworkState trained = runs.recording(dream).snapshots().getLast().network();
        Map<String, ImageBatch> learned = new LinkedHashMap<>();
        for (VariantRun run : runs(settings)) {
            learned.put(run.variant(), finalImages(runs.recording(run.settings()), settings));
        }
        try (NetworkAnalyzer analyzer = runs.analyzer(dream)) {
            Features real = analyzer.features(trained, ImageBatch.of(settings.sample(AnalysisSettings.CLASS)));
            Map<String, Features> features = new LinkedHashMap<>();
            learned.forEach((set, batch) -> features.put(set, analyzer.features(trained, batch)));
            return analyze(settings, real, features);
        }
    }

    private static Result analyze(AnalysisSettings settings, Features real, Map<String, Features> learned) {
        PrincipalPlane plane = PrincipalPlane.of(real);
        Map<String, Features> all = new LinkedHashMap<>(Map.of("real", real));
        all.putAll(learned);
        CsvTable table = new CsvTable(List.of("set", "image", "component_1", "component_2"));
        List<Series> series = new ArrayList<>();
        all.forEach((set, points) -> {
            double[][] places = plane.project(points);
            List<Point> drawn = new ArrayList<>();
            for (int i = 0; i < places.length; i++) {
                table.add(set, i, places[i][0], places[i][1]);
                drawn.add(new Point(places[i][0], new MeanAndStd(places[i][1], 0)));
            }
            series.add(new Series(set, false, drawn));
        });
        BandChart chart = BandChart.fromZero(
                "Synthetic images among the real images of '"
                        + settings.dataset().classNames().get(AnalysisSettings.CLASS) + "'",
                "first principal component",
                "second principal component",
                series);
        String distances = learned.entrySet().stream()
                .map(each -> "%s %.2f".formatted(each.getKey(), meanDistanceToNearest(real, each.getValue())))
                .collect(Collectors.joining(", "));
        return new Result(
                table,
                chart,
                "mean distance from a real image to the nearest synthetic one: %s; the plane explains %.0f %% of the variance"
                        .formatted(distances, 100 * plane.explained()));
    }

    private static ImageBatch finalImages(RunRecording recording, AnalysisSettings settings) {
        DistilledSet set = recording.set(settings.outerIterations());
        List<Integer> ofClass = IntStream.range(0, set.labels().size())
                .filter(i -> set.labels().get(i) == AnalysisSettings.CLASS)
                .boxed()
                .toList();
        return set.images().pick(ofClass);
    }

    /** Returns the distance from a point to the nearest of {@code others}, averaged over all {@code points}. */
    private static double meanDistanceToNearest(Features points, Features others) {
        return IntStream.range(0, points.count())
                .mapToDouble(i -> Math.sqrt(IntStream.range(0, others.count())
                        .mapToDouble(j -> points.squaredDistance(i, others, j))
                        .min()
                        .orElseThrow()))
                .average()
                .orElseThrow();
    }

    /**
     * The plane that passes through the mean of a set of points and is spanned by their first two principal components.
     *
     * @param directions the two directions, {@code [dimension, 2]}, orthonormal
     * @param explained share of the variance that the plane explains, in [0, 1]
     */
    record PrincipalPlane(RealVector mean, RealMatrix directions, double explained) {

        private static final int AXES = 2;

        /**
         * Fits the plane to at least three points that do not lie on one line. Decomposes the matrix of the inner
         * products of the points, because there are usually fewer points than dimensions.
         *
         * @throws IllegalArgumentException if the points do not span a plane
         */
        static PrincipalPlane of(Features points) {
            RealVector mean = new ArrayRealVector(points.mean());
            RealMatrix centred = centred(points, mean);
            EigenDecomposition eigen = new EigenDecomposition(centred.multiply(centred.transpose()));
            if (points.count() <= AXES || !(eigen.getRealEigenvalue(1) > 0)) {
                throw new IllegalArgumentException("the points do not span a plane");
            }
            RealMatrix directions = new Array2DRowRealMatrix(points.dimension(), AXES);
            for (int axis = 0; axis < AXES; axis++) {
                directions.setColumnVector(
                        axis,
                        centred.transpose().operate(eigen.getEigenvector(axis)).unitVector());
            }
            double varianceInPlane = eigen.getRealEigenvalue(0) + eigen.getRealEigenvalue(1);
            return new PrincipalPlane(
                    mean, directions, varianceInPlane / eigen.getD().getTrace());
        }

        /** Projects points onto the plane and returns their coordinates in it, {@code [count, 2]}. */
        double[][] project(Features points) {
            return centred(points, mean).multiply(directions).getData();
        }

        private static RealMatrix centred(Features points, RealVector mean) {
            RealMatrix centred = new Array2DRowRealMatrix(points.count(), points.dimension());
            FloatBuffer values = points.values();
            for (int row = 0; row < points.count(); row++) {
                for (int i = 0; i < points.dimension(); i++) {
                    centred.setEntry(row, i, values.get() - mean.getEntry(i));
                }
            }
            return centred;
        }
    }
}
