package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.List;

/**
 * Herding (iCaRL, Rebuffi et al., 2017): picks one image after the other so that the mean of the picked images stays as
 * near to the class mean mu as possible. The k-th pick, from 0, minimises |(k + 1) mu - sum of the picked - phi(x)|
 * over the images not yet picked; the first image wins ties.
 */
public final class Herding {

    private Herding() {}

    /**
     * Indices of the chosen rows, in the order of picking, all different.
     *
     * @throws IllegalArgumentException if {@code count} is negative or larger than the number of rows
     */
    public static List<Integer> choose(Features features, int count) {
        features.requireAtLeast(count);
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
