package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Lloyd's k-means on the compute threads; bounds on the distances spare most comparisons. */
final class HostLloydIteration implements KMeans.LloydIteration {

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

    HostLloydIteration(Tensor points, int clusters, ComputeThreads threads) {
        this.threads = threads;
        this.points = points;
        this.count = points.dimension(0);
        this.dimension = points.dimension(1);
        this.clusters = clusters;
        this.squaredNorms = new double[count];
        threads.forEach(count, i -> squaredNorms[i] = squaredNorm(row(points, i)));
        KMeans.requireFinite(Arrays.stream(squaredNorms).sum());
        this.bounds = new HamerlyBounds(squaredNorms, dimension);
        this.centroids = threads.kernels().allocate(clusters, dimension);
        this.sums = new double[clusters][dimension];
        this.sizes = new int[clusters];
        this.assignment = new int[count];
        Arrays.fill(assignment, NOWHERE);
    }

    @Override
    public void start(List<Integer> chosen) {
        for (int k = 0; k < clusters; k++) {
            centroids.write((long) k * dimension, row(points, chosen.get(k)));
        }
    }

    @Override
    public double iterate() {
        assign();
        return recentre();
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
                scratch.kernels()
                        .multiply(Factor.of(gather(compared, scratch)), Factor.transposed(centroids), false, products);
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

    @Override
    public KMeans.Clustering clustering(int perCentroid) {
        KMeans.NearestCentroid[] centroid = new KMeans.NearestCentroid[count];
        List<NearestPoints> parts =
                compare(IntStream.range(0, count).toArray(), (compared, products, centroidNorms) -> {
                    NearestPoints part = new NearestPoints(clusters, perCentroid);
                    double[] squared = new double[clusters];
                    for (int i = 0; i < compared.length; i++) {
                        distances(compared[i], i, products, centroidNorms, squared);
                        part.offer(compared[i], squared);
                        centroid[compared[i]] = KMeans.NearestCentroid.of(squared);
                    }
                    return part;
                });
        NearestPoints all = parts.getFirst();
        parts.subList(1, parts.size()).forEach(all::offer);
        return KMeans.Clustering.of(all, centroid);
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

    @Override
    public void close() {
        centroids.close();
    }

    /**
     * Bounds on the distances between points and moving centroids (Hamerly, 2010): for each point, an upper bound on
     * the distance to its own centroid, and a lower bound on the distances to all other centroids. While the upper
     * bound is less than the lower bound, the assignment of the point cannot change, so k-means can skip the
     * comparison. The bounds include a margin for the rounding of single precision.
     */
    private static final class HamerlyBounds {

        /** Half the distance from 1 to the next float. */
        private static final double ROUNDING = 0x1p-24;

        /** Maximum absolute error of the computed squared distances of each point. */
        private final double[] error;

        private final double[] toOwn;
        private final double[] toOthers;

        /** Creates bounds that allow every assignment, for points of {@code dimension} features. */
        HamerlyBounds(double[] squaredNorms, int dimension) {
            double largest = Arrays.stream(squaredNorms).max().orElse(0);
            this.error = Arrays.stream(squaredNorms)
                    .map(squaredNorm -> dimension * ROUNDING * (squaredNorm + largest))
                    .toArray();
            this.toOwn = new double[squaredNorms.length];
            this.toOthers = new double[squaredNorms.length];
            Arrays.fill(toOwn, Double.POSITIVE_INFINITY);
        }

        /**
         * Records the squared distances between a point and the nearest and second nearest centroid, the latter
         * infinite if there is none.
         */
        void measured(int point, double nearest, double second) {
            toOwn[point] = Math.sqrt(Math.max(nearest, 0) + error[point]);
            toOthers[point] = Math.sqrt(Math.max(second - error[point], 0));
        }

        /** Records by how far each centroid moved, given the index of each point's centroid. */
        void moved(double[] distances, int[] assignment) {
            int farthest = IntStream.range(0, distances.length)
                    .reduce((a, b) -> distances[b] > distances[a] ? b : a)
                    .orElseThrow();
            double next = IntStream.range(0, distances.length)
                    .filter(k -> k != farthest)
                    .mapToDouble(k -> distances[k])
                    .max()
                    .orElse(0);
            for (int point = 0; point < toOwn.length; point++) {
                toOwn[point] += distances[assignment[point]];
                toOthers[point] -= assignment[point] == farthest ? next : distances[farthest];
            }
        }

        /** The points that may now be nearer to another centroid, in ascending order. */
        int[] unsettled() {
            return IntStream.range(0, toOwn.length)
                    .filter(point -> !isSettled(point))
                    .toArray();
        }

        private boolean isSettled(int point) {
            return toOthers[point] > 0
                    && toOwn[point] * toOwn[point] + 2 * error[point] < toOthers[point] * toOthers[point];
        }
    }
}
