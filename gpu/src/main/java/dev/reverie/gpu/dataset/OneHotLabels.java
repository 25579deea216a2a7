package dev.reverie.gpu.dataset;

import java.util.Arrays;

/** Converts class labels to one-hot distributions over the classes. */
public final class OneHotLabels {

    private OneHotLabels() {}

    /**
     * Returns the distribution that gives one class the probability 1.
     *
     * @param label class index, below {@code classes}
     */
    public static double[] of(int label, int classes) {
        double[] target = new double[classes];
        target[label] = 1;
        return target;
    }

    /** Returns one distribution {@code samples} times. The rows are one array, which must not be modified. */
    public static double[][] repeated(int label, int classes, int samples) {
        double[][] targets = new double[samples][];
        Arrays.fill(targets, of(label, classes));
        return targets;
    }
}
