package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.Presets;
import java.util.List;

/**
 * Trains a small ConvNet for a short time on one core. Every training run starts from the same weights, so that the
 * results for different memories can be compared. Larger images get fewer steps, so that a training takes about as
 * long.
 *
 * @param width channels per block
 * @param steps approximate number of steps of gradient descent for images of up to 28x28 pixels
 * @param seed seed of all random choices
 */
public record ConvNetTrainer(int width, int steps, long seed) implements EvaluationPolicy.Trainer {

    /** Minimum number of epochs; for a large memory, {@code steps} would give fewer. */
    private static final int MIN_EPOCHS = 10;

    /** Number of pixels of an image up to which a training has all steps. */
    private static final int PIXELS_OF_ALL_STEPS = 28 * 28;

    /** The time of a step grows by this power of the pixels, because larger images have more blocks, too. */
    private static final double COST_BY_PIXELS = 1.5;

    /**
     * Larger images get at least this many steps, if {@code steps} is not smaller: with fewer, networks learn little.
     */
    private static final int LEAST_STEPS = 100;

    @Override
    public EvaluationReport trainAndTest(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress) {
        try (Evaluator evaluator = Evaluator.openOnOneCore()) {
            return evaluator.evaluate(memory, test, settings(memory), progress);
        }
    }

    private EvaluationSettings settings(DistilledSet memory) {
        ImageShape shape = memory.images().shape();
        TrainingRecipe recipe = TrainingRecipe.unmirrored()
                .withSteps(steps(shape), memory.images().count());
        return EvaluationSettingsBuilder.builder()
                .recipe(recipe.withEpochs(Math.max(MIN_EPOCHS, recipe.epochs())))
                .width(width)
                .depth(Presets.depth(shape))
                .seed(seed)
                .build();
    }

    private int steps(ImageShape shape) {
        long scaled = Math.round(steps * Math.pow((double) PIXELS_OF_ALL_STEPS / shape.planeSize(), COST_BY_PIXELS));
        return (int) Math.min(steps, Math.max(LEAST_STEPS, scaled));
    }
}
