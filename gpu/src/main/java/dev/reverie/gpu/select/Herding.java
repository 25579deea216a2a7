package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.List;

/**
 * Herding (iCaRL, Rebuffi et al., 2017): picks images one after another so that the mean of the picked features stays
 * as close to the class mean mu as possible. The k-th pick, counted from 0, minimises |(k + 1) mu - s - phi(x)| over
 * the images x that are not yet picked, where phi(x) are the features of x and s is the sum of the picked features.
 * Ties go to the first image.
 */
public final class Herding {

    private Herding() {}

    /**
     * Returns the indices of the chosen rows in the order in which they are picked; no index occurs twice.
     *
     * @throws IllegalArgumentException if {@code count} is negative or larger than the number of rows
     */
    public static List<Integer> choose(Features features, int count) {
        features.requireCount(count);
        double[] mean = features.mean();
        double[] target = mean.clone();
        boolean[] picked = new boolean[features.count()];
        List<Integer> choice = new ArrayList<>(count);
        for (int k = 0; k < count; k++) {
            int next = nearestUnpicked(features, target, picked);
            picked[next] = true;
            choice.add(next);
            for (int i = 0; i < target.length; i++) {
                target[i] += mean[i];
            }
            features.addTo(target, next, -1);
        }
        return List.copyOf(choice);
    }

    private static int nearestUnpicked(Features features, double[] target, boolean[] picked) {
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int row = 0; row < picked.length; row++) {
            double distance = picked[row] ? Double.POSITIVE_INFINITY : features.squaredDistance(row, target);
            if (distance < least) {
                least = distance;
                nearest = row;
            }
        }
        return nearest;
    }
}
