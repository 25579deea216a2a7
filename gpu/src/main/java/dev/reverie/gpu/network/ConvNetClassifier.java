package dev.reverie.gpu.network;

import dev.reverie.gpu.network.Trainer.Sgd;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** A ConvNet in training. */
public record ConvNetClassifier(ConvNet network, Trainer trainer) implements Classifier {

    @Override
    public double step(IntFunction<double[]> images, double[][] targets, Sgd sgd) {
        return trainer.step(network, images, targets, sgd);
    }

    @Override
    public List<double[]> logits(int count, IntFunction<double[]> images) {
        return trainer.logits(network, count, images);
    }

    @Override
    public ConvNetClassifier copy() {
        // with as many classes nothing that is drawn stays
        return new ConvNetClassifier(
                network.withClasses(network.architecture().classes(), new SplittableRandom(0)), trainer);
    }

    @Override
    public void close() {
        network.close();
    }
}
