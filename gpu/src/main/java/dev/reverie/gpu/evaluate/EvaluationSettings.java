package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import java.util.random.RandomGenerator;

/**
 * The settings of an evaluation: its networks and their training.
 *
 * @param network architecture of the networks
 * @param width number of channels per block of a ConvNet
 * @param depth number of blocks of a ConvNet
 * @param repeats number of networks trained from scratch, at least 1
 * @param checkpoints number of tests per network, evenly spaced over its training; the last test is at the end
 * @param seed seed for all random choices
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

    /** Creates settings for ConvNets. */
    public EvaluationSettings(TrainingRecipe recipe, int width, int depth, int repeats, int checkpoints, long seed) {
        this(recipe, EvaluationNetwork.CONVNET, width, depth, repeats, checkpoints, seed);
    }

    /** Returns the same settings with another architecture. */
    public EvaluationSettings of(EvaluationNetwork other) {
        return new EvaluationSettings(recipe, other, width, depth, repeats, checkpoints, seed);
    }

    /** Creates a network for the given images, with freshly drawn weights. */
    Classifier fresh(TrainingImages images, Kernels kernels, ComputeThreads threads, RandomGenerator random) {
        return network.fresh(images.shape(), images.classes(), width, depth, kernels, threads, random);
    }

    /** Returns the same settings for a single network, with another recipe and seed. */
    EvaluationSettings once(TrainingRecipe other, long otherSeed) {
        return new EvaluationSettings(other, network, width, depth, 1, checkpoints, otherSeed);
    }
}
