package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Optimiser;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** A trainable classification network with its optimiser state. Not thread safe. */
public interface Classifier extends Predictor {

    /**
     * Performs one step on the mean loss of a batch of normalised images, and returns the loss before the step, in
     * nats; {@code images} is called from several threads.
     */
    double step(IntFunction<double[]> images, TrainingTargets trainingTargets, Optimiser optimiser);

    void resetOptimiser();

    /**
     * Returns an independent copy with at least as many outputs. All existing parameters are copied, so the logits of
     * the existing classes stay the same; the parameters of new outputs are drawn at random.
     */
    Classifier withClasses(int classes, RandomGenerator random);

    /** A matching network as a classifier. */
    public record NetworkClassifier(Network network, BatchTrainer trainer) implements Classifier {

        @Override
        public double step(IntFunction<double[]> images, TrainingTargets trainingTargets, Optimiser optimiser) {
            return trainer.step(network, images, trainingTargets, optimiser).loss();
        }

        @Override
        public List<double[]> logits(int count, IntFunction<double[]> images) {
            return trainer.logits(network, count, images);
        }

        @Override
        public NetworkClassifier withClasses(int classes, RandomGenerator random) {
            return new NetworkClassifier(network.withClasses(classes, random), trainer);
        }

        @Override
        public void resetOptimiser() {
            network.resetOptimiser();
        }

        @Override
        public void close() {
            network.close();
        }
    }
}
