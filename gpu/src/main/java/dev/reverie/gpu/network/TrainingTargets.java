package dev.reverie.gpu.network;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The targets of a training batch. The loss of an image is its cross-entropy against a target distribution plus, if
 * there is a teacher, {@code T^2 KL(softmax(r / T) || softmax(z / T))}, where r are the teacher's logits, z are the
 * network's logits for the classes that the teacher knows, and T = 2. The distillation loss preserves knowledge of old
 * classes in IDC's class-incremental experiment (Hinton et al., 2015; Li and Hoiem, 2016).
 *
 * @param targets one distribution over the classes per image
 * @param recalled one row per image, with the teacher's logits for the classes that the teacher knows, which must be
 *     the first ones; rows are empty if there is no teacher
 */
public record TrainingTargets(List<double[]> targets, List<double[]> recalled) {

    private static final double TEMPERATURE = 2;

    public TrainingTargets {
        targets = List.copyOf(targets);
        recalled = List.copyOf(recalled);
        if (targets.size() != recalled.size()) {
            throw new IllegalArgumentException("the number of teacher rows must equal the number of targets, got "
                    + recalled.size() + " rows and " + targets.size() + " targets");
        }
    }

    /** Creates targets without a teacher. */
    public static TrainingTargets of(List<double[]> targets) {
        return new TrainingTargets(targets, Collections.nCopies(targets.size(), new double[0]));
    }

    /** Number of images. */
    public int samples() {
        return targets.size();
    }

    /** Returns the targets of a micro-batch. */
    TrainingTargets part(MicroBatch part) {
        int end = part.start() + part.size();
        return new TrainingTargets(targets.subList(part.start(), end), recalled.subList(part.start(), end));
    }

    /**
     * Computes the loss summed over the images, in nats.
     *
     * @param logits logits of the network, one row per image
     */
    public double loss(double[][] logits) {
        double loss = 0;
        for (int sample = 0; sample < logits.length; sample++) {
            loss += CrossEntropy.loss(logits[sample], targets.get(sample));
            double[] teacher = tempered(recalled.get(sample), recalled.get(sample).length);
            if (teacher.length > 0) {
                double[] distribution = CrossEntropy.softmax(teacher);
                double[] own = tempered(logits[sample], teacher.length);
                double divergence = CrossEntropy.loss(own, distribution) - CrossEntropy.loss(teacher, distribution);
                loss += TEMPERATURE * TEMPERATURE * divergence;
            }
        }
        return loss;
    }

    /**
     * Counts the images whose largest logit is that of the most probable class of the target; for a mixed target, this
     * is the class of the larger part.
     *
     * @param logits logits of the network, one row per image
     */
    int correct(double[][] logits) {
        return (int) IntStream.range(0, logits.length)
                .filter(sample -> largest(logits[sample]) == largest(targets.get(sample)))
                .count();
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int k = 1; k < values.length; k++) {
            largest = values[k] > values[largest] ? k : largest;
        }
        return largest;
    }

    /**
     * Computes the derivative of the weighted sum of the images' losses with respect to the logits.
     *
     * @param logits logits of the network, one row per image
     * @param weight weight of each image
     */
    public double[][] gradient(double[][] logits, double weight) {
        double[][] derivative = new CrossEntropy(logits, targets.toArray(double[][]::new), weight).gradient();
        for (int sample = 0; sample < logits.length; sample++) {
            int known = recalled.get(sample).length;
            double[] distribution = CrossEntropy.softmax(tempered(recalled.get(sample), known));
            double[] own = CrossEntropy.softmax(tempered(logits[sample], known));
            for (int k = 0; k < known; k++) {
                derivative[sample][k] += weight * TEMPERATURE * (own[k] - distribution[k]);
            }
        }
        return derivative;
    }

    private static double[] tempered(double[] logits, int known) {
        return Arrays.stream(logits, 0, known).map(z -> z / TEMPERATURE).toArray();
    }
}
