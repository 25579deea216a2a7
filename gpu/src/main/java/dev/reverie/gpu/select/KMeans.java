package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Lanes;
import dev.reverie.gpu.tensor.Scratch;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lloyd's k-means in squared Euclidean distance (DREAM, section 3.2), as the reference runs it: distinct random points
 * to start from, at most {@value #MAX_ITERATIONS} iterations, until the centroids together move by no more than
 * {@value #TOLERANCE} (squared). A cluster that runs empty keeps its centroid.
 */
public final class KMeans {

    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-4;

    /** Points per matrix product: large enough to be fast, small enough to share out among the lanes. */
    private static final int CHUNK = 256;

    private static final int NOWHERE = -1;

    private final Lanes lanes;
    private final Tensor points;
    private final int count;
    private final int dimension;
    private final int clusters;
    private final double[] squaredNorms;
    private final Bounds bounds;
    private final Tensor centroids;
    private final double[][] sums;
    private final int[] sizes;
    private final int[] assignment;

    private KMeans(Tensor points, int clusters, Kernels kernels, Lanes lanes) {
        this.lanes = lanes;
        this.points = points;
        this.count = points.dimension(0);
        this.dimension = points.dimension(1);
        this.clusters = clusters;
        this.squaredNorms = new double[count];
        lanes.forEach(count, i -> squaredNorms[i] = squaredNorm(row(points, i)));
        if (!Double.isFinite(Arrays.stream(squaredNorms).sum())) {
            throw new ArithmeticException("the features to cluster are not finite: the network diverged");
        }
        this.bounds = new Bounds(squaredNorms, dimension);
        this.centroids = kernels.allocate(clusters, dimension);
        this.sums = new double[clusters][dimension];
        this.sizes = new int[clusters];
        this.assignment = new int[count];
        Arrays.fill(assignment, NOWHERE);
    }

    /**
     * What a clustering found.
     *
     * @param representatives for each centroid the point nearest to it; two centroids may share one
     * @param inertia mean squared distance of a point to its centroid
     */
    public record Clustering(List<Integer> representatives, double inertia) {

        public Clustering {
            representatives = List.copyOf(representatives);
        }
    }

    /**
     * Clusters the rows of a matrix.
     *
     * @param points {@code [count, dimension]}
     * @param clusters 1 to count
     * @param draw seed of the points to start from
     * @throws ArithmeticException if a feature is not finite
     */
    public static Clustering cluster(Tensor points, int clusters, Kernels kernels, Lanes lanes, long draw) {
        if (clusters < 1 || clusters > points.dimension(0)) {
            throw new IllegalArgumentException(
                    "want between 1 and " + points.dimension(0) + " clusters, one a point at most, got " + clusters);
        }
        KMeans kMeans = new KMeans(points, clusters, kernels, lanes);
        try {
            kMeans.start(draw);
            for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
                kMeans.assign();
                if (kMeans.recentre() <= TOLERANCE) {
                    break;
                }
            }
            return kMeans.clustering();
        } finally {
            kMeans.centroids.close();
        }
    }

    private void start(long draw) {
        List<Integer> chosen = RandomSelection.of(count, clusters, draw);
        for (int k = 0; k < clusters; k++) {
            centroids.write((long) k * dimension, row(points, chosen.get(k)));
        }
    }

    /** Looks at some points and at the products of each with each centroid. */
    @FunctionalInterface
    private interface Comparison<T> {

        T of(int[] compared, Tensor products, double[] centroidNorms);
    }

    /** Compares the points {@code which}, ascending, with all centroids, chunk by chunk on the lanes. */
    private <T> List<T> compare(int[] which, Comparison<T> comparison) {
        double[] centroidNorms = new double[clusters];
        lanes.forEach(clusters, k -> centroidNorms[k] = squaredNorm(row(centroids, k)));
        return lanes.map(Math.ceilDiv(which.length, CHUNK), (chunk, scratch) -> {
            int[] compared = Arrays.copyOfRange(which, chunk * CHUNK, Math.min(which.length, (chunk + 1) * CHUNK));
            try (Scratch.Scope temporary = scratch.scope()) {
                Tensor products = scratch.take(CHUNK, clusters).rows(0, compared.length);
                scratch.kernels().multiply(gather(compared, scratch), false, centroids, true, false, products);
                return comparison.of(compared, products, centroidNorms);
            }
        });
    }

    private Tensor gather(int[] compared, Scratch scratch) {
        int first = compared[0];
        if (compared[compared.length - 1] - first == compared.length - 1) {
            return points.rows(first, compared.length);
        }
        Tensor gathered = scratch.take(CHUNK, dimension).rows(0, compared.length);
        for (int i = 0; i < compared.length; i++) {
            points.copyRowTo(gathered, compared[i], i);
        }
        return gathered;
    }

    /** Squared distances of one point to all centroids. */
    private void distances(int point, int row, Tensor products, double[] centroidNorms, double[] squared) {
        products.read((long) row * clusters, squared);
        for (int k = 0; k < clusters; k++) {
            squared[k] = squaredNorms[point] + centroidNorms[k] - 2 * squared[k];
        }
    }

    /** Assigns each point to its nearest centroid, the lower of two equally near. */
    private void assign() {
        int[] unsettled = bounds.unsettled();
        List<int[]> nearest = compare(unsettled, this::nearest);
        for (int i = 0; i < unsettled.length; i++) {
            assign(unsettled[i], nearest.get(i / CHUNK)[i % CHUNK]);
        }
    }

    private int[] nearest(int[] compared, Tensor products, double[] centroidNorms) {
        int[] nearest = new int[compared.length];
        double[] squared = new double[clusters];
        for (int i = 0; i < compared.length; i++) {
            distances(compared[i], i, products, centroidNorms, squared);
            double smallest = Double.POSITIVE_INFINITY;
            double second = Double.POSITIVE_INFINITY;
            for (int k = 0; k < clusters; k++) {
                if (squared[k] < smallest) {
                    second = smallest;
                    smallest = squared[k];
                    nearest[i] = k;
                } else if (squared[k] < second) {
                    second = squared[k];
                }
            }
            bounds.measured(compared[i], smallest, second);
        }
        return nearest;
    }

    private void assign(int point, int cluster) {
        int before = assignment[point];
        if (before == cluster) {
            return;
        }
        double[] values = row(points, point);
        if (before != NOWHERE) {
            addTo(before, values, -1);
        }
        addTo(cluster, values, 1);
        assignment[point] = cluster;
    }

    private void addTo(int cluster, double[] values, int sign) {
        sizes[cluster] += sign;
        double[] sum = sums[cluster];
        for (int j = 0; j < dimension; j++) {
            sum[j] += sign * values[j];
        }
    }

    /** Moves each centroid to the mean of its points; returns the summed squares of the ways. */
    private double recentre() {
        double[] squaredWays = new double[clusters];
        lanes.forEach(clusters, k -> squaredWays[k] = sizes[k] == 0 ? 0 : recentre(k));
        bounds.moved(Arrays.stream(squaredWays).map(Math::sqrt).toArray(), assignment);
        return Arrays.stream(squaredWays).sum();
    }

    private double recentre(int cluster) {
        double[] before = row(centroids, cluster);
        double[] mean = new double[dimension];
        for (int j = 0; j < dimension; j++) {
            mean[j] = sums[cluster][j] / sizes[cluster];
        }
        centroids.write((long) cluster * dimension, mean);
        double[] after = row(centroids, cluster);
        double moved = 0;
        for (int j = 0; j < dimension; j++) {
            moved += (after[j] - before[j]) * (after[j] - before[j]);
        }
        return moved;
    }

    /** Compares every point once more: for the centroids as they are in the end, and for the nearest of each. */
    private Clustering clustering() {
        List<Nearest> parts = compare(IntStream.range(0, count).toArray(), (compared, products, centroidNorms) -> {
            Nearest part = new Nearest(clusters);
            double[] squared = new double[clusters];
            for (int i = 0; i < compared.length; i++) {
                distances(compared[i], i, products, centroidNorms, squared);
                part.offer(compared[i], squared);
            }
            return part;
        });
        Nearest all = parts.getFirst();
        parts.subList(1, parts.size()).forEach(all::offer);
        return new Clustering(Arrays.stream(all.point).boxed().toList(), all.inertia / count);
    }

    /** The point nearest to each centroid, the first of equally near ones, and the inertia of all points offered. */
    private static final class Nearest {

        private final int[] point;
        private final double[] squared;
        private double inertia;

        Nearest(int clusters) {
            point = new int[clusters];
            squared = new double[clusters];
            Arrays.fill(squared, Double.POSITIVE_INFINITY);
        }

        void offer(int offered, double[] toCentroids) {
            for (int k = 0; k < point.length; k++) {
                offer(k, offered, toCentroids[k]);
            }
            inertia += Math.max(Arrays.stream(toCentroids).min().orElse(0), 0);
        }

        void offer(Nearest other) {
            for (int k = 0; k < point.length; k++) {
                offer(k, other.point[k], other.squared[k]);
            }
            inertia += other.inertia;
        }

        private void offer(int cluster, int offered, double toCentroid) {
            if (toCentroid < squared[cluster]) {
                squared[cluster] = toCentroid;
                point[cluster] = offered;
            }
        }
    }

    private double[] row(Tensor matrix, int i) {
        double[] row = new double[dimension];
        matrix.read((long) i * dimension, row);
        return row;
    }

    private static double squaredNorm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}
