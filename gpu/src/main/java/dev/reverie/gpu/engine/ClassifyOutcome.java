package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.network.CrossEntropy;
import java.util.List;

/**
 * What a network sees.
 *
 * @param logits of each image, one for each of the network's classes
 */
public record ClassifyOutcome(List<List<Double>> logits) {

    public ClassifyOutcome {
        logits = logits.stream().map(List::copyOf).toList();
    }

    /** The class that the network takes an image for, the first of several. */
    public int label(int image) {
        List<Double> row = logits.get(image);
        int largest = 0;
        for (int k = 1; k < row.size(); k++) {
            largest = row.get(k) > row.get(largest) ? k : largest;
        }
        return largest;
    }

    /** The cross-entropy of an image, in nats: how unlike its class the network finds it. */
    public double loss(int image, int label) {
        double[] row = tempered(image, 1);
        return CrossEntropy.loss(row, OneHotLabels.of(label, row.length));
    }

    /**
     * The distributions over the classes.
     *
     * @param temperature that the logits are divided by, positive; above 1 the network seems less sure
     */
    public SoftLabels softLabels(double temperature) {
        int classes = logits.getFirst().size();
        float[] values = new float[logits.size() * classes];
        for (int image = 0; image < logits.size(); image++) {
            double[] distribution = CrossEntropy.softmax(tempered(image, temperature));
            for (int k = 0; k < classes; k++) {
                values[image * classes + k] = (float) distribution[k];
            }
        }
        return SoftLabels.of(classes, values);
    }

    private double[] tempered(int image, double temperature) {
        return logits.get(image).stream()
                .mapToDouble(logit -> logit / temperature)
                .toArray();
    }
}
