package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.List;
import java.util.function.IntFunction;

/** A classification network that is only applied. Not thread safe. */
public interface Predictor extends AutoCloseable {

    /** Computes the logits of any number of normalised images; {@code images} is called from several threads. */
    List<double[]> logits(int count, IntFunction<double[]> images);

    @Override
    void close();

    /** Opens a predictor, which the caller closes. */
    @FunctionalInterface
    interface Source {

        /** Opens the predictor; a network of this program computes on {@code threads}. */
        Predictor open(ComputeThreads threads);
    }
}
