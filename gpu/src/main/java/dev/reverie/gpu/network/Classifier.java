package dev.reverie.gpu.network;

import dev.reverie.gpu.network.BatchTrainer.Sgd;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** A trainable classification network with its optimiser state. Not thread safe. */
public interface Classifier extends AutoCloseable {

    /**
     * Performs one SGD step on the mean loss of a batch.
     *
     * @param images normalised, channel-first; called by index, from several threads
     * @return the mean loss before the step, in nats
     */
    double step(IntFunction<double[]> images, TrainingTargets trainingTargets, Sgd sgd);

    /**
     * Performs one SGD step on the mean cross-entropy of a batch, against one distribution over the classes per image.
     */
    default double step(IntFunction<double[]> images, double[][] targets, Sgd sgd) {
        return step(images, TrainingTargets.of(List.of(targets)), sgd);
    }

    /** Resets the momentum. */
    void resetMomentum();

    /**
     * Computes the logits of any number of images with the current parameters.
     *
     * @param images normalised, channel-first; called by index, from several threads
     */
    List<double[]> logits(int count, IntFunction<double[]> images);

    /** Returns an independent copy of this network. */
    Classifier copy();

    /**
     * Returns an independent copy with more outputs. The old rows of the classifier and everything else are copied, so
     * the logits of the old classes stay the same; new rows are drawn.
     *
     * @param classes number of outputs of the copy
     * @throws IllegalArgumentException if the copy would have fewer outputs
     */
    Classifier withClasses(int classes, RandomGenerator random);

    @Override
    void close();
}
