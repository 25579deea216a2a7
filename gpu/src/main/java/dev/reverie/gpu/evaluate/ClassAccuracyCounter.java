package dev.reverie.gpu.evaluate;

import java.util.List;
import java.util.stream.IntStream;

/** Counts the test images that a network classifies correctly, per class. Not thread safe. */
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

    /** The accuracy over all images. */
    double accuracy() {
        return (double) IntStream.of(right).sum() / IntStream.of(tested).sum();
    }

    /** The accuracy on the images of each class; {@code NaN} for a class without test images. */
    List<Double> byClass() {
        return IntStream.range(0, right.length)
                .mapToObj(label -> (double) right[label] / tested[label])
                .toList();
    }
}
