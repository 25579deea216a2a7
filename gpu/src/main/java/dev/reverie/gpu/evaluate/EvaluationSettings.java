package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import java.util.random.RandomGenerator;

/**
 * What is trained on a set to find out what it is worth.
 *
 * @param network what kind of network
 * @param width channels of a ConvNet
 * @param depth blocks of a ConvNet
 * @param repeats networks trained from scratch, at least 1
 * @param checkpoints times a network is tested, evenly spread over its training, the last at its end; 4 as published
 * @param seed of every random choice
 */
public record EvaluationSettings(
        TrainingRecipe recipe,
        EvaluationNetwork network,
        int width,
        int depth,
        int repeats,
        int checkpoints,
        long seed) {

    /** Tests per network in the published recipe. */
    public static final int PUBLISHED_CHECKPOINTS = 4;

    public EvaluationSettings {
        if (width < 1 || depth < 1 || repeats < 1 || checkpoints < 1) {
            throw new IllegalArgumentException(
                    "an evaluation needs at least one channel, block, repeat and checkpoint, got width " + width
                            + ", depth " + depth + ", repeats " + repeats + ", checkpoints " + checkpoints);
        }
    }

    /** Of ConvNets. */
    public EvaluationSettings(TrainingRecipe recipe, int width, int depth, int repeats, int checkpoints, long seed) {
        this(recipe, EvaluationNetwork.CONVNET, width, depth, repeats, checkpoints, seed);
    }

    /** The same with networks of another kind. */
    public EvaluationSettings of(EvaluationNetwork other) {
        return new EvaluationSettings(recipe, other, width, depth, repeats, checkpoints, seed);
    }

    /** A network to train on images, with freshly drawn weights. */
    Classifier fresh(TrainingImages images, Kernels kernels, ComputeThreads threads, RandomGenerator random) {
        return network.fresh(images.shape(), images.classes(), width, depth, kernels, threads, random);
    }

    /** The same for one network, by another recipe and seed. */
    EvaluationSettings once(TrainingRecipe other, long otherSeed) {
        return new EvaluationSettings(other, network, width, depth, 1, checkpoints, otherSeed);
    }
}
