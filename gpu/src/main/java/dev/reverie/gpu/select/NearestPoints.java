package dev.reverie.gpu.select;

import java.util.Arrays;
import java.util.List;

/** Collects the points nearest to each centroid, and the inertia of all points. The first point wins ties. */
final class NearestPoints {

    private final int[][] points;
    private final double[][] squaredDistances;
    private double inertia;

    /** Creates an empty collector of {@code perCentroid} points for each centroid, at most the number of all points. */
    NearestPoints(int clusters, int perCentroid) {
        points = new int[clusters][perCentroid];
        squaredDistances = new double[clusters][perCentroid];
        for (double[] distances : squaredDistances) {
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
        }
    }

    /** Adds a point, given its index and its squared distances to the centroids. */
    void offer(int offered, double[] toCentroids) {
        for (int k = 0; k < points.length; k++) {
            offer(k, offered, toCentroids[k]);
        }
        inertia += Math.max(Arrays.stream(toCentroids).min().orElse(0), 0);
    }

    /** Adds all points of another collector, which come after those of this one. */
    void offer(NearestPoints other) {
        for (int k = 0; k < points.length; k++) {
            for (int place = 0; place < points[k].length; place++) {
                offer(k, other.points[k][place], other.squaredDistances[k][place]);
            }
        }
        inertia += other.inertia;
    }

    private void offer(int cluster, int offered, double toCentroid) {
        double[] distances = squaredDistances[cluster];
        int place = distances.length;
        while (place > 0 && toCentroid < distances[place - 1]) {
            place--;
            if (place + 1 < distances.length) {
                distances[place + 1] = distances[place];
                points[cluster][place + 1] = points[cluster][place];
            }
        }
        if (place < distances.length) {
            distances[place] = toCentroid;
            points[cluster][place] = offered;
        }
    }

    /** The nearest points of each centroid, nearest first. */
    List<List<Integer>> points() {
        return Arrays.stream(points)
                .map(members -> Arrays.stream(members).boxed().toList())
                .toList();
    }

    /** Sum over all points of the squared distance to the nearest centroid. */
    double inertia() {
        return inertia;
    }
}
