package dev.reverie.gpu.dataset;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Converts class labels to one-hot distributions over the classes. */
public final class OneHotLabels {

    private OneHotLabels() {}

    /**
     * Sure of one class.
     *
     * @param label below {@code classes}
     */
    public static double[] of(int label, int classes) {
        double[] target = new double[classes];
        target[label] = 1;
        return target;
    }

    /** One distribution for each label. */
    public static double[][] of(int[] labels, int classes) {
        return IntStream.of(labels).mapToObj(label -> of(label, classes)).toArray(double[][]::new);
    }

    /** The same class for each of some samples. */
    public static double[][] repeated(int label, int classes, int samples) {
        double[][] targets = new double[samples][];
        Arrays.fill(targets, of(label, classes));
        return targets;
    }
}
