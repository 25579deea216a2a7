package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Greedy k-center (Sener and Savarese, 2018): starts with the image nearest to the class mean, then repeatedly adds the
 * image that is farthest from its nearest chosen image, by Euclidean distance. Ties go to the first image. Reverie
 * starts at the class mean so that the result depends only on the images.
 */
public final class KCenter {

    private KCenter() {}

    /**
     * Returns the indices of the chosen rows in the order in which they are chosen; no index occurs twice.
     *
     * @throws IllegalArgumentException if {@code count} is negative or larger than the number of rows
     */
    public static List<Integer> choose(Features features, int count) {
        features.requireCount(count);
        double[] toNearest = new double[features.count()];
        Arrays.fill(toNearest, Double.POSITIVE_INFINITY);
        List<Integer> choice = new ArrayList<>(count);
        while (choice.size() < count) {
            int next = choice.isEmpty() ? features.nearest(features.mean()) : farthest(toNearest);
            choice.add(next);
            for (int row = 0; row < toNearest.length; row++) {
                toNearest[row] = Math.min(toNearest[row], features.squaredDistance(row, next));
            }
            // Below every distance, so that an image is never chosen twice.
            toNearest[next] = -1;
        }
        return List.copyOf(choice);
    }

    private static int farthest(double[] toNearest) {
        int farthest = 0;
        for (int row = 1; row < toNearest.length; row++) {
            if (toNearest[row] > toNearest[farthest]) {
                farthest = row;
            }
        }
        return farthest;
    }
}
