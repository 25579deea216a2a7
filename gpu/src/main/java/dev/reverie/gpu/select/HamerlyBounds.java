package dev.reverie.gpu.select;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Bounds of the distances between points and moving centroids (Hamerly, 2010): an upper bound to each point's own
 * centroid, and a lower bound to all others. While they do not meet, the assignment of a point cannot change, so
 * k-means skips the comparison with the same result. The bounds include a margin for the rounding of single precision.
 */
final class HamerlyBounds {

    /** Half the distance from 1 to the next float. */
    private static final double ROUNDING = 0x1p-24;

    /** Maximum relative error of a computed squared distance. */
    private final double[] error;

    private final double[] toOwn;
    private final double[] toOthers;

    /**
     * Starts without knowledge of any point.
     *
     * @param squaredNorms of the points
     * @param dimension of the points
     */
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
     * Records the comparison of a point with all centroids.
     *
     * @param nearest squared distance to its centroid
     * @param second squared distance to the nearest other one, infinite if there is none
     */
    void measured(int point, double nearest, double second) {
        toOwn[point] = Math.sqrt(Math.max(nearest, 0) + error[point]);
        toOthers[point] = Math.sqrt(Math.max(second - error[point], 0));
    }

    /**
     * Records a move of the centroids.
     *
     * @param distances distance that each centroid moved
     * @param assignment centroid of each point
     */
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

    /** The points that may now be nearer to another centroid, ascending. */
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
