package dev.reverie.gpu.select;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far each point is from its centroid at most, and from every other one at least, while centroids move (Hamerly,
 * 2010). Where the two don't meet, comparing would not change anything, so k-means leaves it out and ends where it
 * would have ended. The bounds allow for rounding: what single precision could decide either way is compared.
 */
final class HamerlyBounds {

    /** Half the distance from 1 to the next float. */
    private static final double ROUNDING = 0x1p-24;

    /** Of squared distances as they are measured, at most. */
    private final double[] error;

    private final double[] toOwn;
    private final double[] toOthers;

    /**
     * Nothing is known of any point yet.
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
     * A point was compared with all centroids.
     *
     * @param nearest squared distance to its centroid
     * @param second squared distance to the nearest other one, infinite if there is none
     */
    void measured(int point, double nearest, double second) {
        toOwn[point] = Math.sqrt(Math.max(nearest, 0) + error[point]);
        toOthers[point] = Math.sqrt(Math.max(second - error[point], 0));
    }

    /**
     * The centroids moved.
     *
     * @param ways how far each one did
     * @param assignment centroid of each point
     */
    void moved(double[] ways, int[] assignment) {
        int farthest = IntStream.range(0, ways.length)
                .reduce((a, b) -> ways[b] > ways[a] ? b : a)
                .orElseThrow();
        double next = IntStream.range(0, ways.length)
                .filter(k -> k != farthest)
                .mapToDouble(k -> ways[k])
                .max()
                .orElse(0);
        for (int point = 0; point < toOwn.length; point++) {
            toOwn[point] += ways[assignment[point]];
            toOthers[point] -= assignment[point] == farthest ? next : ways[farthest];
        }
    }

    /** The points that may have come nearer to another centroid, ascending. */
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
