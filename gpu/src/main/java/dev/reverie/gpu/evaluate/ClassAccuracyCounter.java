package dev.reverie.gpu.evaluate;

import java.util.List;
import java.util.stream.IntStream;

/** Counts the test images that a network classifies correctly, per class. Not thread safe. */
final class ClassAccuracyCounter {

    private final int[] correct;
    private final int[] tested;

    ClassAccuracyCounter(int classes) {
        correct = new int[classes];
        tested = new int[classes];
    }

    void add(int label, boolean isCorrect) {
        tested[label]++;
        correct[label] += isCorrect ? 1 : 0;
    }

    /** The accuracy over all images, in [0, 1]; {@code NaN} if nothing was tested. */
    double accuracy() {
        return (double) IntStream.of(correct).sum() / IntStream.of(tested).sum();
    }

    /** The accuracy on the images of each class, in [0, 1]; {@code NaN} for a class without test images. */
    List<Double> byClass() {
        return IntStream.range(0, correct.length)
                .mapToObj(label -> (double) correct[label] / tested[label])
                .toList();
    }
}
