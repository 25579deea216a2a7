package dev.reverie.gpu.network;

import dev.reverie.gpu.network.BatchTrainer.Sgd;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** A ConvNet as a classifier. */
public record ConvNetClassifier(ConvNet network, BatchTrainer trainer) implements Classifier {

    @Override
    public double step(IntFunction<double[]> images, TrainingTargets trainingTargets, Sgd sgd) {
        return trainer.step(network, images, trainingTargets, sgd);
    }

    @Override
    public List<double[]> logits(int count, IntFunction<double[]> images) {
        return trainer.logits(network, count, images);
    }

    @Override
    public ConvNetClassifier copy() {
        // with the same number of classes, all drawn values are overwritten
        return withClasses(network.architecture().classes(), new SplittableRandom(0));
    }

    @Override
    public ConvNetClassifier withClasses(int classes, RandomGenerator random) {
        return new ConvNetClassifier(network.withClasses(classes, random), trainer);
    }

    @Override
    public void resetMomentum() {
        network.velocities().clear();
    }

    @Override
    public void close() {
        network.close();
    }
}
