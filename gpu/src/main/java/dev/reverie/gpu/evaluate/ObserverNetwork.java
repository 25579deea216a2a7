package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.Classifier.NetworkClassifier;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.network.Predictor;
import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A network that was trained on real images and labels the images on which other networks are trained (RDED), with one
 * array per parameter tensor, in the order of the network.
 */
public record ObserverNetwork(Architecture architecture, List<float[]> parameters) implements Predictor.Source {

    public ObserverNetwork {
        parameters = List.copyOf(parameters);
        List<Integer> expected = architecture.parameterLengths();
        List<Integer> actual = parameters.stream().map(tensor -> tensor.length).toList();
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException("the observer's parameters do not fit its architecture: expected tensors"
                    + " of " + expected + " values, got " + actual);
        }
    }

    @Override
    public Classifier open(ComputeThreads threads) {
        Network network = Network.fresh(architecture, threads.kernels(), new SplittableRandom(0));
        network.setParameters(parameters);
        return new NetworkClassifier(network, new BatchTrainer(threads));
    }
}
