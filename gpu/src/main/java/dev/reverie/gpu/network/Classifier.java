package dev.reverie.gpu.network;

import dev.reverie.gpu.network.BatchTrainer.Sgd;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * A network that learns to tell classes apart, batch by batch, together with the momentum of its training. Not thread
 * safe.
 */
public interface Classifier extends AutoCloseable {

    /**
     * One step down the mean loss of a batch.
     *
     * @param images normalised, channel-first; asked for by index, from several threads
     * @return the mean loss before the step, in nats
     */
    double step(IntFunction<double[]> images, TrainingTargets lesson, Sgd sgd);

    /** One step down the mean cross-entropy of a batch, against one distribution over the classes for each image. */
    default double step(IntFunction<double[]> images, double[][] targets, Sgd sgd) {
        return step(images, TrainingTargets.of(List.of(targets)), sgd);
    }

    /** Goes on as if it had not moved before. */
    void resetMomentum();

    /**
     * Logits of any number of images, as the network stands.
     *
     * @param images normalised, channel-first; asked for by index, from several threads
     */
    List<double[]> logits(int count, IntFunction<double[]> images);

    /** A network of its own that stands where this one does. */
    Classifier copy();

    /**
     * A network of its own with more outputs, which says the same as this one of the classes that there were: old rows
     * of the classifier and all else are copied, new rows drawn.
     *
     * @param classes in all
     * @throws IllegalArgumentException if these are fewer than there were
     */
    Classifier withClasses(int classes, RandomGenerator random);

    @Override
    void close();
}
