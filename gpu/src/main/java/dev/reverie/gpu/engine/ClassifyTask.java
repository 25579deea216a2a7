package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.network.CrossEntropy;
import java.util.List;

/** Asks for the logits of the newest matching network for images in [0, 1] that are not augmented. */
public record ClassifyTask(NetworkId network, ImageBatch images) {

    /** The logits of a network, one row per image, with one value per class of the network. */
    public record ClassifyOutcome(List<List<Double>> logits) {

        public ClassifyOutcome {
            logits = logits.stream().map(List::copyOf).toList();
        }

        /**
         * The predicted class of an image: the class with the largest logit; in case of a tie, the first such class.
         */
        public int label(int image) {
            return CrossEntropy.largest(tempered(image, 1));
        }

        /** The cross-entropy of the prediction for an image of the class {@code label}, in nats. */
        public double loss(int image, int label) {
            double[] row = tempered(image, 1);
            return CrossEntropy.loss(row, OneHotLabels.of(label, row.length));
        }

        /**
         * Returns the predicted distributions over the classes; a temperature above 1, which divides the logits,
         * flattens them.
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
}
