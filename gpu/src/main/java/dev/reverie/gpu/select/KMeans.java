package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Lanes;
import dev.reverie.gpu.tensor.Scratch;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
                kMeans.move(kMeans.assign());
                if (kMeans.recentre() <= TOLERANCE) {
                    break;
                }
            }
            return kMeans.clustering(kMeans.assign());
        } finally {
            kMeans.centroids.close();
        }
    }

    private void start(long draw) {
        lanes.forEach(count, i -> squaredNorms[i] = squaredNorm(point(i)));
        if (!Double.isFinite(Arrays.stream(squaredNorms).sum())) {
            throw new ArithmeticException("the features to cluster are not finite: the network diverged");
        }
        List<Integer> chosen = RandomSelection.of(count, clusters, draw);
        for (int k = 0; k < clusters; k++) {
            centroids.write((long) k * dimension, point(chosen.get(k)));
        }
    }

    /**
     * Distances of some points to all centroids.
     *
     * @param start index of the first point
     * @param cluster nearest centroid of each point, the lower of two equally near
     * @param squared its squared distance
     * @param nearest for each centroid the point nearest to it, the lower of two equally near
     * @param nearestSquared its squared distance
     */
    private record Chunk(
            int start, List<Integer> cluster, double squared, List<Integer> nearest, List<Double> nearestSquared) {}

    private List<Chunk> assign() {
        double[] centroidNorms = new double[clusters];
        lanes.forEach(clusters, k -> centroidNorms[k] = squaredNorm(centroid(k)));
        return lanes.map(Math.ceilDiv(count, CHUNK), (chunk, scratch) -> {
            int start = chunk * CHUNK;
            int size = Math.min(CHUNK, count - start);
            try (Scratch.Scope temporary = scratch.scope()) {
                Tensor products = scratch.take(size, clusters);
                scratch.kernels().multiply(points.rows(start, size), false, centroids, true, false, products);
                return nearest(start, products, centroidNorms);
            }
        });
    }

    private Chunk nearest(int start, Tensor products, double[] centroidNorms) {
        int size = products.dimension(0);
        Integer[] cluster = new Integer[size];
        Integer[] nearest = new Integer[clusters];
        Double[] nearestSquared = new Double[clusters];
        Arrays.fill(nearestSquared, Double.POSITIVE_INFINITY);
        Arrays.fill(nearest, start);
        double inertia = 0;
        double[] row = new double[clusters];
        for (int i = 0; i < size; i++) {
            products.read((long) i * clusters, row);
            double smallest = Double.POSITIVE_INFINITY;
            for (int k = 0; k < clusters; k++) {
                double squared = squaredNorms[start + i] + centroidNorms[k] - 2 * row[k];
                if (squared < smallest) {
                    smallest = squared;
                    cluster[i] = k;
                }
                if (squared < nearestSquared[k]) {
                    nearestSquared[k] = squared;
                    nearest[k] = start + i;
                }
            }
            inertia += Math.max(smallest, 0);
        }
        return new Chunk(start, List.of(cluster), inertia, List.of(nearest), List.of(nearestSquared));
    }

    /** Carries the points that changed their cluster from one sum to the other. */
    private void move(List<Chunk> chunks) {
        for (Chunk chunk : chunks) {
            for (int i = 0; i < chunk.cluster.size(); i++) {
                int point = chunk.start + i;
                int from = assignment[point];
                int to = chunk.cluster.get(i);
                if (from != to) {
                    double[] values = point(point);
                    if (from != NOWHERE) {
                        addTo(from, values, -1);
                    }
                    addTo(to, values, 1);
                    assignment[point] = to;
                }
            }
        }
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
        double moved = 0;
        for (int k = 0; k < clusters; k++) {
            if (sizes[k] == 0) {
                continue;
            }
            double[] centroid = centroid(k);
            for (int j = 0; j < dimension; j++) {
                double mean = sums[k][j] / sizes[k];
                moved += (mean - centroid[j]) * (mean - centroid[j]);
                centroid[j] = mean;
            }
            centroids.write((long) k * dimension, centroid);
        }
        return moved;
    }

    private Clustering clustering(List<Chunk> chunks) {
        List<Integer> representatives = new ArrayList<>(clusters);
        for (int k = 0; k < clusters; k++) {
            Chunk best = chunks.getFirst();
            for (Chunk chunk : chunks) {
                if (chunk.nearestSquared.get(k) < best.nearestSquared.get(k)) {
                    best = chunk;
                }
            }
            representatives.add(best.nearest.get(k));
        }
        return new Clustering(
                representatives, chunks.stream().mapToDouble(Chunk::squared).sum() / count);
    }

    private double[] point(int i) {
        double[] point = new double[dimension];
        points.read((long) i * dimension, point);
        return point;
    }

    private double[] centroid(int k) {
        double[] centroid = new double[dimension];
        centroids.read((long) k * dimension, centroid);
        return centroid;
    }

    private static double squaredNorm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}
