package dev.reverie.gpu.evaluate;

import java.util.List;
import java.util.stream.IntStream;

/** Counts, class by class, how many test images a network gets right. Not thread safe. */
final class ClassAccuracyCounter {

    private final int[] right;
    private final int[] tested;

    ClassAccuracyCounter(int classes) {
        right = new int[classes];
        tested = new int[classes];
    }

    void add(int label, boolean isRight) {
        tested[label]++;
        right[label] += isRight ? 1 : 0;
    }

    /** The share of all images. */
    double accuracy() {
        return (double) IntStream.of(right).sum() / IntStream.of(tested).sum();
    }

    /** The share of each class's images; {@code NaN} where there were none. */
    List<Double> byClass() {
        return IntStream.range(0, right.length)
                .mapToObj(label -> (double) right[label] / tested[label])
                .toList();
    }
}
