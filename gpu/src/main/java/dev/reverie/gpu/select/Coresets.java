package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses images of a class by their features. Each rule returns the indices of the chosen rows in the order in which
 * they are chosen; no index occurs twice, and ties go to the first image.
 *
 * <p>The rules throw an {@link IllegalArgumentException} if {@code count} is negative or larger than the number of
 * rows.
 */
public final class Coresets {

    private Coresets() {}

    /**
     * Herding (iCaRL, Rebuffi et al., 2017): picks images one after another so that the mean of the picked features
     * stays as close to the class mean mu as possible. The k-th pick, counted from 0, minimises |(k + 1) mu - s -
     * phi(x)| over the images x that are not yet picked, where phi(x) are the features of x and s is the sum of the
     * picked features.
     */
    public static List<Integer> herding(Features features, int count) {
        features.requireCount(count);
        double[] mean = features.mean();
        double[] target = mean.clone();
        List<Integer> remaining = new ArrayList<>(all(features));
        List<Integer> choice = new ArrayList<>(count);
        while (choice.size() < count) {
            Integer next = remaining.stream()
                    .min(Comparator.comparingDouble(row -> features.squaredDistance(row, target)))
                    .orElseThrow();
            remaining.remove(next);
            choice.add(next);
            for (int i = 0; i < target.length; i++) {
                target[i] += mean[i];
            }
            features.addTo(target, next, -1);
        }
        return List.copyOf(choice);
    }

    /**
     * Greedy k-center (Sener and Savarese, 2018): starts with the image nearest to the class mean, then repeatedly adds
     * the image that is farthest from its nearest chosen image, by Euclidean distance. Reverie starts at the class mean
     * so that the result depends only on the images.
     */
    public static List<Integer> kCenter(Features features, int count) {
        features.requireCount(count);
        double[] toNearest = new double[features.count()];
        Arrays.fill(toNearest, Double.POSITIVE_INFINITY);
        List<Integer> choice = new ArrayList<>(count);
        while (choice.size() < count) {
            int next = choice.isEmpty() ? nearestToMean(features, 1).getFirst() : farthest(toNearest);
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

    /** The images nearest to the class mean, nearest first (DREAM, section 3.1: central sampling). */
    public static List<Integer> nearestToMean(Features features, int count) {
        return ranked(features, count, Comparator.naturalOrder());
    }

    /** The images farthest from the class mean, farthest first (DREAM, section 3.1: boundary sampling). */
    public static List<Integer> farthestFromMean(Features features, int count) {
        return ranked(features, count, Comparator.reverseOrder());
    }

    private static List<Integer> ranked(Features features, int count, Comparator<Double> order) {
        features.requireCount(count);
        double[] mean = features.mean();
        double[] distances = all(features).stream()
                .mapToDouble(row -> features.squaredDistance(row, mean))
                .toArray();
        return all(features).stream()
                .sorted(Comparator.comparing(row -> distances[row], order))
                .limit(count)
                .toList();
    }

    private static List<Integer> all(Features features) {
        return IntStream.range(0, features.count()).boxed().toList();
    }
}
