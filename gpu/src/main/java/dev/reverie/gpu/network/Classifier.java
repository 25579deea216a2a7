package dev.reverie.gpu.network;

import dev.reverie.gpu.network.Trainer.Sgd;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A network that learns to tell classes apart, batch by batch, together with the momentum of its training. Not thread
 * safe.
 */
public interface Classifier extends AutoCloseable {

    /**
     * One step down the mean cross-entropy of a batch.
     *
     * @param images normalised, channel-first; asked for by index, from several threads
     * @param targets one distribution over the classes for each image
     * @return the mean cross-entropy before the step, in nats
     */
    double step(IntFunction<double[]> images, double[][] targets, Sgd sgd);

    /**
     * Logits of any number of images, as the network stands.
     *
     * @param images normalised, channel-first; asked for by index, from several threads
     */
    List<double[]> logits(int count, IntFunction<double[]> images);

    /** A network of its own that stands where this one does. */
    Classifier copy();

    @Override
    void close();
}
