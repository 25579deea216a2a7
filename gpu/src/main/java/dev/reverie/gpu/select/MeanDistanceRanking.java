package dev.reverie.gpu.select;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Ranks images by their distance to the mean of their class (DREAM, section 3.1: central and boundary sampling). */
public final class MeanDistanceRanking {

    private MeanDistanceRanking() {}

    /** Returns the indices of the rows nearest to the mean, nearest first. */
    public static List<Integer> nearest(Features features, int count) {
        return ranked(features, count, Comparator.naturalOrder());
    }

    /** Returns the indices of the rows farthest from the mean, farthest first. */
    public static List<Integer> farthest(Features features, int count) {
        return ranked(features, count, Comparator.reverseOrder());
    }

    private static List<Integer> ranked(Features features, int count, Comparator<Double> order) {
        features.requireCount(count);
        double[] mean = features.mean();
        double[] distances = IntStream.range(0, features.count())
                .mapToDouble(row -> features.squaredDistance(row, mean))
                .toArray();
        return IntStream.range(0, distances.length)
                .boxed()
                .sorted(Comparator.comparing(row -> distances[row], order))
                .limit(count)
                .toList();
    }
}
