package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.Presets;
import java.util.List;

/**
 * Trains a small ConvNet for a short time on one core. It starts with the same weights each time, so that results of
 * different memories can be compared.
 *
 * @param width channels per block
 * @param steps approximate number of steps of gradient descent
 * @param seed of all random choices
 */
public record ConvNetTrainer(int width, int steps, long seed) implements EvaluationNetworkTrainer {

    /** Lower limit for a large memory, for which {@code steps} would give too few epochs. */
    private static final int MIN_EPOCHS = 10;

    @Override
    public EvaluationReport trainAndTest(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress) {
        try (Evaluator evaluator = Evaluator.openOnOneCore()) {
            return evaluator.evaluate(memory, test, settings(memory), progress);
        }
    }

    private EvaluationSettings settings(DistilledSet memory) {
        ImageShape shape = memory.images().shape();
        TrainingRecipe recipe =
                TrainingRecipe.brief().withSteps(steps, memory.images().count());
        return new EvaluationSettings(
                recipe.withEpochs(Math.max(MIN_EPOCHS, recipe.epochs())), width, Presets.depth(shape), 1, 1, seed);
    }
}
