package dev.reverie.gpu.select;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Bounds on the distances between points and moving centroids (Hamerly, 2010): for each point, an upper bound on the
 * distance to its own centroid, and a lower bound on the distances to all other centroids. While the upper bound is
 * less than the lower bound, the assignment of the point cannot change, so k-means can skip the comparison. The bounds
 * include a margin for the rounding of single precision.
 */
final class HamerlyBounds {

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
     * Records the squared distances between a point and the nearest and second nearest centroid, the latter infinite if
     * there is none.
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
