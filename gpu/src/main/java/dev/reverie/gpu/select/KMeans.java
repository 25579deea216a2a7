package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
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

    /** Points per matrix product: large enough to be fast, small enough to distribute over the compute threads. */
    private static final int CHUNK = 256;

    private static final int NOWHERE = -1;

    private final ComputeThreads threads;
    private final Tensor points;
    private final int count;
    private final int dimension;
    private final int clusters;
    private final double[] squaredNorms;
    private final HamerlyBounds bounds;
    private final Tensor centroids;
    private final double[][] sums;
    private final int[] sizes;
    private final int[] assignment;

    private KMeans(Tensor points, int clusters, Kernels kernels, ComputeThreads threads) {
        this.threads = threads;
        this.points = points;
        this.count = points.dimension(0);
        this.dimension = points.dimension(1);
        this.clusters = clusters;
        this.squaredNorms = new double[count];
        threads.forEach(count, i -> squaredNorms[i] = squaredNorm(row(points, i)));
        if (!Double.isFinite(Arrays.stream(squaredNorms).sum())) {
            throw new ArithmeticException("the features to cluster are not finite: the network diverged");
        }
        this.bounds = new HamerlyBounds(squaredNorms, dimension);
        this.centroids = kernels.allocate(clusters, dimension);
        this.sums = new double[clusters][dimension];
        this.sizes = new int[clusters];
        this.assignment = new int[count];
        Arrays.fill(assignment, NOWHERE);
    }

    /**
     * The result of a clustering.
     *
     * @param nearest for each centroid, the points nearest to it, nearest first; two centroids can share points
     * @param core as many points as {@code nearest} has places, those nearest to any centroid, nearest first
     * @param sizes number of points in each cluster
     * @param inertia mean squared distance between a point and its nearest centroid
     */
    public record Clustering(List<List<Integer>> nearest, List<Integer> core, List<Integer> sizes, double inertia) {

        public Clustering {
            nearest = nearest.stream().map(List::copyOf).toList();
            core = List.copyOf(core);
            sizes = List.copyOf(sizes);
        }

        /** The points nearest to the centroids, centroid by centroid. */
        public List<Integer> representatives() {
            return nearest.stream().flatMap(List::stream).toList();
        }

        /**
         * The representatives, repeated so that each cluster has as many entries as points; their mean therefore
         * weights every cluster by its size.
         */
        public List<Integer> weighted() {
            List<Integer> repeated = new ArrayList<>();
            for (int k = 0; k < nearest.size(); k++) {
                List<Integer> members = nearest.get(k);
                for (int i = 0; i < sizes.get(k); i++) {
                    repeated.add(members.get(i % members.size()));
                }
            }
            return List.copyOf(repeated);
        }
    }

    /**
     * Clusters the rows of a matrix.
     *
     * @param points points to cluster, {@code [count, dimension]}
     * @param clusters number of clusters, 1 to count
     * @param perCentroid number of nearest points to return per centroid, 1 to count
     * @param seed seed of the initial centroids
     * @throws IllegalArgumentException if the number of clusters is out of range
     * @throws ArithmeticException if a feature is not finite
     */
    public static Clustering cluster(
            Tensor points, int clusters, int perCentroid, Kernels kernels, ComputeThreads threads, long seed) {
        if (clusters < 1 || clusters > points.dimension(0)) {
            throw new IllegalArgumentException("the number of clusters must lie between 1 and " + points.dimension(0)
                    + ", the number of points, got " + clusters);
        }
        KMeans kMeans = new KMeans(points, clusters, kernels, threads);
        try {
            kMeans.start(seed);
            for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
                kMeans.assign();
                if (kMeans.recentre() <= TOLERANCE) {
                    break;
                }
            }
            return kMeans.clustering(perCentroid);
        } finally {
            kMeans.centroids.close();
        }
    }

    private void start(long seed) {
        List<Integer> chosen = RandomSelection.of(count, clusters, seed);
        for (int k = 0; k < clusters; k++) {
            centroids.write((long) k * dimension, row(points, chosen.get(k)));
        }
    }

    /** Receives some points and their inner products with all centroids. */
    @FunctionalInterface
    private interface Comparison<T> {

        T of(int[] compared, Tensor products, double[] centroidNorms);
    }

    /**
     * Compares the points {@code which}, given in ascending order, with all centroids, in chunks on the compute
     * threads.
     */
    private <T> List<T> compare(int[] which, Comparison<T> comparison) {
        double[] centroidNorms = new double[clusters];
        threads.forEach(clusters, k -> centroidNorms[k] = squaredNorm(row(centroids, k)));
        return threads.map(Math.ceilDiv(which.length, CHUNK), (chunk, scratch) -> {
            int[] compared = Arrays.copyOfRange(which, chunk * CHUNK, Math.min(which.length, (chunk + 1) * CHUNK));
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Tensor products = scratch.take(CHUNK, clusters).rows(0, compared.length);
                scratch.kernels().multiply(gather(compared, scratch), false, centroids, true, false, products);
                return comparison.of(compared, products, centroidNorms);
            }
        });
    }

    private Tensor gather(int[] compared, ThreadWorkspace scratch) {
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

    /** Computes the squared distances of one point to all centroids. */
    private void distances(int point, int row, Tensor products, double[] centroidNorms, double[] squared) {
        products.read((long) row * clusters, squared);
        for (int k = 0; k < clusters; k++) {
            squared[k] = squaredNorms[point] + centroidNorms[k] - 2 * squared[k];
        }
    }

    /** Assigns each point to its nearest centroid; the centroid with the lowest index wins ties. */
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

    /** Moves each centroid to the mean of its points; returns the sum of the squared distances by which they move. */
    private double recentre() {
        double[] squaredDistances = new double[clusters];
        threads.forEach(clusters, k -> squaredDistances[k] = sizes[k] == 0 ? 0 : recentre(k));
        bounds.moved(Arrays.stream(squaredDistances).map(Math::sqrt).toArray(), assignment);
        return Arrays.stream(squaredDistances).sum();
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

    /** Compares every point with the final centroids and finds the points nearest to each centroid. */
    private Clustering clustering(int perCentroid) {
        double[] toNearest = new double[count];
        List<NearestPoints> parts =
                compare(IntStream.range(0, count).toArray(), (compared, products, centroidNorms) -> {
                    NearestPoints part = new NearestPoints(clusters, perCentroid);
                    double[] squared = new double[clusters];
                    for (int i = 0; i < compared.length; i++) {
                        distances(compared[i], i, products, centroidNorms, squared);
                        part.offer(compared[i], squared);
                        toNearest[compared[i]] = Arrays.stream(squared).min().orElseThrow();
                    }
                    return part;
                });
        NearestPoints all = parts.getFirst();
        parts.subList(1, parts.size()).forEach(all::offer);
        List<Integer> core = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(point -> toNearest[point]))
                .limit((long) clusters * perCentroid)
                .toList();
        return new Clustering(all.points(), core, Arrays.stream(sizes).boxed().toList(), all.inertia() / count);
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
