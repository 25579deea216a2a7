package dev.reverie.gpu.network;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** A matching network as a classifier. */
public record NetworkClassifier(Network network, BatchTrainer trainer) implements Classifier {

    @Override
    public double step(IntFunction<double[]> images, TrainingTargets trainingTargets, Optimiser optimiser) {
        return trainer.step(network, images, trainingTargets, optimiser);
    }

    @Override
    public List<double[]> logits(int count, IntFunction<double[]> images) {
        return trainer.logits(network, count, images);
    }

    @Override
    public NetworkClassifier copy() {
        // with the same number of classes, all drawn values are overwritten
        return withClasses(network.architecture().classes(), new SplittableRandom(0));
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
