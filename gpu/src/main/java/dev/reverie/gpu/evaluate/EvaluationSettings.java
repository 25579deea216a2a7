package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.method.GenerateSettingsBuilder;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import io.soabase.recordbuilder.core.RecordBuilder.Initializer;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The settings of an evaluation: its networks and their training.
 *
 * @param width number of channels per block of a ConvNet, at least 1
 * @param depth number of blocks of a ConvNet, at least 1
 * @param repeats number of networks trained from scratch, at least 1
 * @param checkpoints number of tests per network, at least 1, evenly spaced over its training; the last test is at the
 *     end
 * @param steps number of gradient steps after which the training ends, also within an epoch, at least 1; the learning
 *     rate then drops after the recipe's fractions of these steps. If empty, the training ends after the recipe's
 *     epochs
 */
@GenerateSettingsBuilder
public record EvaluationSettings(
        TrainingRecipe recipe,

        @Initializer("NETWORK") EvaluationNetwork network,

        int width,
        int depth,

        @Initializer("REPEATS") int repeats,

        @Initializer("CHECKPOINTS") int checkpoints,

        long seed,
        Optional<Integer> steps)
        implements EvaluationSettingsBuilder.With {

    // the generated builder starts from these values: one ConvNet, tested after its training
    public static final EvaluationNetwork NETWORK = EvaluationNetwork.CONVNET;
    public static final int REPEATS = 1;
    public static final int CHECKPOINTS = 1;

    /** Tests per network in the published recipe. */
    public static final int PUBLISHED_CHECKPOINTS = 4;

    public EvaluationSettings {
        Objects.requireNonNull(recipe, "recipe");
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

    /** Creates a network for the given images, with freshly drawn weights. */
    Classifier fresh(TrainingImages images, ComputeThreads threads, RandomGenerator random) {
        return network.factory(images.shape(), images.classes(), width, depth).fresh(threads, random);
    }
}
