package dev.reverie.gpu.network;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The targets of a training batch. The loss of an image is {@code a H + b KL(softmax(r / T) || softmax(z / T))}, where
 * H is its cross-entropy against a target distribution, r are the logits of a teacher, and z are the network's logits
 * for the classes that the teacher knows (Hinton et al., 2015).
 *
 * @param targets one distribution over the classes per image
 * @param recalled one row per image, with the teacher's logits for the classes that the teacher knows, which must be
 *     the first ones; rows are empty if there is no teacher
 * @param weights the weights a and b and the temperature T
 */
public record TrainingTargets(List<double[]> targets, List<double[]> recalled, LossWeights weights) {

    /**
     * The weights of the parts of the loss.
     *
     * @param ofTargets weight of the cross-entropy against the targets, at least 0
     * @param ofTeacher weight of the divergence from the teacher, at least 0
     */
    public record LossWeights(double ofTargets, double ofTeacher, double temperature) {

        /** Preserves the knowledge of old classes in IDC's class-incremental experiment (Li and Hoiem, 2016). */
        public static final LossWeights RECALL = new LossWeights(1, 4, 2);

        /** Returns the loss of RDED, which takes all labels from the teacher. */
        public static LossWeights onlyTeacher(double temperature) {
            return new LossWeights(0, 1, temperature);
        }
    }

    public TrainingTargets {
        targets = List.copyOf(targets);
        recalled = List.copyOf(recalled);
        if (targets.size() != recalled.size()) {
            throw new IllegalArgumentException("the number of teacher rows must equal the number of targets, got "
                    + recalled.size() + " rows and " + targets.size() + " targets");
        }
    }

    public static TrainingTargets of(List<double[]> targets) {
        return new TrainingTargets(targets, Collections.nCopies(targets.size(), new double[0]), LossWeights.RECALL);
    }

    /** Number of images. */
    public int samples() {
        return targets.size();
    }

    TrainingTargets part(MicroBatch part) {
        int end = part.start() + part.size();
        return new TrainingTargets(targets.subList(part.start(), end), recalled.subList(part.start(), end), weights);
    }

    /** Computes the loss of logits, one row per image, summed over the images, in nats. */
    public double loss(double[][] logits) {
        double sum = 0;
        for (int sample = 0; sample < logits.length; sample++) {
            sum += weights.ofTargets() * CrossEntropy.loss(logits[sample], targets.get(sample));
            double[] teacher = tempered(recalled.get(sample), recalled.get(sample).length);
            if (teacher.length > 0) {
                double[] distribution = CrossEntropy.softmax(teacher);
                double[] own = tempered(logits[sample], teacher.length);
                double divergence = CrossEntropy.loss(own, distribution) - CrossEntropy.loss(teacher, distribution);
                sum += weights.ofTeacher() * divergence;
            }
        }
        return sum;
    }

    /**
     * Counts the images whose largest logit is that of the most probable class of the target; for a mixed target, this
     * is the class of the larger part.
     */
    int correct(double[][] logits) {
        return (int) IntStream.range(0, logits.length)
                .filter(sample -> CrossEntropy.largest(logits[sample]) == CrossEntropy.largest(targets.get(sample)))
                .count();
    }

    /**
     * Computes the derivative of the sum of the images' losses, each with the same weight, with respect to the logits.
     */
    public double[][] gradient(double[][] logits, double weight) {
        double[][] derivative =
                new CrossEntropy(logits, targets.toArray(double[][]::new), weight * weights.ofTargets()).gradient();
        double share = weight * weights.ofTeacher() / weights.temperature();
        for (int sample = 0; sample < logits.length; sample++) {
            int known = recalled.get(sample).length;
            double[] distribution = CrossEntropy.softmax(tempered(recalled.get(sample), known));
            double[] own = CrossEntropy.softmax(tempered(logits[sample], known));
            for (int k = 0; k < known; k++) {
                derivative[sample][k] += share * (own[k] - distribution[k]);
            }
        }
        return derivative;
    }

    private double[] tempered(double[] logits, int known) {
        return Arrays.stream(logits, 0, known)
                .map(z -> z / weights.temperature())
                .toArray();
    }
}
