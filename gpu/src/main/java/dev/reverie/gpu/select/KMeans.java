package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lloyd's k-means with squared Euclidean distance (DREAM, section 3.2), as in the reference implementation. It starts
 * from distinct random points and ends after {@value #MAX_ITERATIONS} iterations, or as soon as the sum of the squared
 * distances moved by the centroids is at most {@value #TOLERANCE}. An empty cluster keeps its centroid.
 */
public final class KMeans {

    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-4;

    private KMeans() {}

    /**
     * The result of a clustering.
     *
     * @param nearest for each centroid, the points nearest to it, nearest first; two centroids can share points
     * @param core as many points as {@code nearest} has places, those nearest to any centroid, nearest first
     * @param assignment for each point, the index of the nearest centroid
     * @param inertia mean squared distance between a point and its nearest centroid
     */
    public record Clustering(
            List<List<Integer>> nearest, List<Integer> core, List<Integer> assignment, double inertia) {

        public Clustering {
            nearest = nearest.stream().map(List::copyOf).toList();
            core = List.copyOf(core);
            assignment = List.copyOf(assignment);
        }

        /** The points nearest to the centroids, centroid by centroid. */
        public List<Integer> representatives() {
            return nearest.stream().flatMap(List::stream).toList();
        }

        /** For each centroid, the number of points that are nearest to it. */
        public List<Integer> sizes() {
            int[] sizes = new int[nearest.size()];
            assignment.forEach(centroid -> sizes[centroid]++);
            return Arrays.stream(sizes).boxed().toList();
        }

        /**
         * The representatives, repeated so that each cluster has as many entries as points; their mean therefore
         * weights every cluster by its size.
         */
        public List<Integer> weighted() {
            List<Integer> sizes = sizes();
            List<Integer> repeated = new ArrayList<>();
            for (int k = 0; k < nearest.size(); k++) {
                List<Integer> members = nearest.get(k);
                for (int i = 0; i < sizes.get(k); i++) {
                    repeated.add(members.get(i % members.size()));
                }
            }
            return List.copyOf(repeated);
        }

        /** Describes the final state of an iteration, in which {@code nearest} has collected all points. */
        static Clustering of(NearestPoints nearest, NearestCentroid[] centroids) {
            List<List<Integer>> points = nearest.points();
            List<Integer> core = IntStream.range(0, centroids.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(point -> centroids[point].squaredDistance()))
                    .limit(points.stream().mapToInt(List::size).sum())
                    .toList();
            List<Integer> assignment =
                    Arrays.stream(centroids).map(NearestCentroid::index).toList();
            return new Clustering(points, core, assignment, nearest.inertia() / centroids.length);
        }
    }

    /** The centroid nearest to a point; the one with the lowest index wins ties. */
    record NearestCentroid(int index, double squaredDistance) {

        /** Finds the nearest centroid by the squared distances to all of them. */
        static NearestCentroid of(double[] toCentroids) {
            int nearest = 0;
            for (int k = 1; k < toCentroids.length; k++) {
                if (toCentroids[k] < toCentroids[nearest]) {
                    nearest = k;
                }
            }
            return new NearestCentroid(nearest, toCentroids[nearest]);
        }
    }

    /**
     * Clusters the rows of a matrix, and finds {@code perCentroid} nearest points of each centroid; both numbers are at
     * least 1 and at most that of the points. Throws an {@link ArithmeticException} if a feature is not finite.
     */
    public static Clustering cluster(Tensor points, int clusters, int perCentroid, ComputeThreads threads, long seed) {
        if (clusters < 1 || clusters > points.dimension(0)) {
            throw new IllegalArgumentException("the number of clusters must lie between 1 and " + points.dimension(0)
                    + ", the number of points, got " + clusters);
        }
        try (LloydIteration lloyd = iteration(points, clusters, threads)) {
            lloyd.start(RandomSelection.of(points.dimension(0), clusters, seed));
            for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
                if (lloyd.iterate() <= TOLERANCE) {
                    break;
                }
            }
            return lloyd.clustering(perCentroid);
        }
    }

    private static LloydIteration iteration(Tensor points, int clusters, ComputeThreads threads) {
        return threads.kernels()
                .device()
                .<LloydIteration>map(device -> new DeviceLloydIteration(points, clusters, device))
                .orElseGet(() -> new HostLloydIteration(points, clusters, threads));
    }

    /** Throws an {@link ArithmeticException} if the sum of the squares of all features is not finite. */
    static void requireFinite(double squaredNorm) {
        if (!Double.isFinite(squaredNorm)) {
            throw new ArithmeticException("the features to cluster are not finite: the network diverged");
        }
    }

    /** The state of Lloyd's k-means, in memory of the host or of a device. */
    sealed interface LloydIteration extends AutoCloseable permits HostLloydIteration, DeviceLloydIteration {

        /** Places the centroids at the given points. */
        void start(List<Integer> chosen);

        /**
         * Assigns each point to its nearest centroid, the one with the lowest index on a tie, and moves each centroid
         * to the mean of its points. The centroid of an empty cluster stays where it is.
         *
         * @return the sum of the squared distances by which the centroids moved
         */
        double iterate();

        /** Compares every point with the centroids and finds the points nearest to each centroid. */
        Clustering clustering(int perCentroid);

        @Override
        void close();
    }

    /**
     * Lloyd's k-means on a device. It compares every point with every centroid: this takes a device less time than the
     * host would take to find out which comparisons can be spared.
     */
    private static final class DeviceLloydIteration implements LloydIteration {

        private final DeviceKernels kernels;
        private final Tensor points;
        private final Tensor centroids;
        private final Tensor sizes;

        DeviceLloydIteration(Tensor points, int clusters, DeviceKernels kernels) {
            requireFinite(kernels.squaredNorm(points));
            this.kernels = kernels;
            this.points = points;
            this.centroids = kernels.allocate(clusters, points.dimension(1));
            this.sizes = kernels.allocate(clusters);
        }

        @Override
        public void start(List<Integer> chosen) {
            for (int k = 0; k < chosen.size(); k++) {
                points.copyRowTo(centroids, chosen.get(k), k);
            }
        }

        @Override
        public double iterate() {
            return kernels.recentre(points, centroids, sizes);
        }

        @Override
        public Clustering clustering(int perCentroid) {
            double[][] squared = kernels.squaredDistances(points, centroids);
            NearestPoints nearest = new NearestPoints(centroids.dimension(0), perCentroid);
            for (int point = 0; point < squared.length; point++) {
                nearest.offer(point, squared[point]);
            }
            return Clustering.of(
                    nearest, Arrays.stream(squared).map(NearestCentroid::of).toArray(NearestCentroid[]::new));
        }

        @Override
        public void close() {
            centroids.close();
            sizes.close();
        }
    }
}
