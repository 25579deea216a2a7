package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.Optional;
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
 * @param steps number of gradient steps after which the training ends, also within an epoch, at least 1; the learning
 *     rate then drops after the recipe's fractions of these steps. If empty, the training ends after the recipe's
 *     epochs
 */
public record EvaluationSettings(
        TrainingRecipe recipe,
        EvaluationNetwork network,
        int width,
        int depth,
        int repeats,
        int checkpoints,
        long seed,
        Optional<Integer> steps) {

    /** Tests per network in the published recipe. */
    public static final int PUBLISHED_CHECKPOINTS = 4;

    public EvaluationSettings {
        if (width < 1
                || depth < 1
                || repeats < 1
                || checkpoints < 1
                || steps.filter(n -> n < 1).isPresent()) {
            throw new IllegalArgumentException(
                    "an evaluation needs at least one channel, block, repeat, checkpoint and step, got width " + width
                            + ", depth " + depth + ", repeats " + repeats + ", checkpoints " + checkpoints
                            + steps.map(n -> ", steps " + n).orElse(""));
        }
    }

    /** Creates settings for a training that ends after the recipe's epochs. */
    public EvaluationSettings(
            TrainingRecipe recipe,
            EvaluationNetwork network,
            int width,
            int depth,
            int repeats,
            int checkpoints,
            long seed) {
        this(recipe, network, width, depth, repeats, checkpoints, seed, Optional.empty());
    }

    /** Creates settings for ConvNets. */
    public EvaluationSettings(TrainingRecipe recipe, int width, int depth, int repeats, int checkpoints, long seed) {
        this(recipe, EvaluationNetwork.CONVNET, width, depth, repeats, checkpoints, seed);
    }

    /** Returns the same settings with another architecture. */
    public EvaluationSettings of(EvaluationNetwork other) {
        return new EvaluationSettings(recipe, other, width, depth, repeats, checkpoints, seed, steps);
    }

    /** Creates a network for the given images, with freshly drawn weights. */
    Classifier fresh(TrainingImages images, ComputeThreads threads, RandomGenerator random) {
        return network.fresh(images.shape(), images.classes(), width, depth, threads, random);
    }

    /** Returns the same settings with a training of {@code other} gradient steps. */
    public EvaluationSettings withSteps(int other) {
        return new EvaluationSettings(recipe, network, width, depth, repeats, checkpoints, seed, Optional.of(other));
    }

    /** Returns the same settings for a single network and whole epochs, with another recipe and seed. */
    EvaluationSettings once(TrainingRecipe other, long otherSeed) {
        return new EvaluationSettings(other, network, width, depth, 1, checkpoints, otherSeed);
    }
}
