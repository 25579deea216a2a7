package dev.reverie.gpu.network;

/**
 * The softmax cross-entropy of a micro-batch against target distributions: {@code L = -weight sum_k t_k log p_k} for
 * each sample. Mixed targets (cutmix) need no special treatment, because L is linear in t.
 */
public final class CrossEntropy {

    private final double[][] softmax;
    private final double[][] targets;
    private final double weight;

    /** Keeps a reference to the targets, but not to the logits; each has one row per sample, of the same weight. */
    CrossEntropy(double[][] logits, double[][] targets, double weight) {
        this.softmax = new double[logits.length][];
        this.targets = targets;
        this.weight = weight;
        for (int sample = 0; sample < logits.length; sample++) {
            softmax[sample] = softmax(logits[sample]);
        }
    }

    public static double[] softmax(double[] logits) {
        double logPartition = logPartition(logits);
        double[] softmax = new double[logits.length];
        for (int k = 0; k < logits.length; k++) {
            softmax[k] = Math.exp(logits[k] - logPartition);
        }
        return softmax;
    }

    /** Returns the index of the largest of some logits or probabilities, the first on a tie. */
    public static int largest(double[] values) {
        int largest = 0;
        for (int k = 1; k < values.length; k++) {
            largest = values[k] > values[largest] ? k : largest;
        }
        return largest;
    }

    /** Computes L of one sample for weight 1, without overflow for finite logits. */
    public static double loss(double[] logits, double[] target) {
        double logPartition = logPartition(logits);
        double loss = 0;
        for (int k = 0; k < logits.length; k++) {
            loss += target[k] * (logPartition - logits[k]);
        }
        return loss;
    }

    private static double logPartition(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    /** Computes the derivative with respect to the logits, {@code weight (p - t)}. */
    double[][] gradient() {
        double[][] derivative = new double[softmax.length][];
        for (int sample = 0; sample < softmax.length; sample++) {
            double[] p = softmax[sample];
            double[] row = new double[p.length];
            for (int k = 0; k < p.length; k++) {
                row[k] = weight * (p[k] - targets[sample][k]);
            }
            derivative[sample] = row;
        }
        return derivative;
    }

    /** Computes the change of {@link #gradient} as the logits move along {@code logitsDot}. */
    double[][] gradientTangent(double[][] logitsDot) {
        double[][] derivativeDot = new double[softmax.length][];
        for (int sample = 0; sample < softmax.length; sample++) {
            double[] p = softmax[sample];
            double mean = 0;
            for (int k = 0; k < p.length; k++) {
                mean += p[k] * logitsDot[sample][k];
            }
            double[] row = new double[p.length];
            for (int k = 0; k < p.length; k++) {
                row[k] = weight * p[k] * (logitsDot[sample][k] - mean);
            }
            derivativeDot[sample] = row;
        }
        return derivativeDot;
    }
}
