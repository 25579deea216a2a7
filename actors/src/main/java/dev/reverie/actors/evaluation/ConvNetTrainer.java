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
 * A small ConvNet that is trained for a short time, on one core. It begins with the same weights each time, so that
 * what changes from one memory to the next is the memory.
 *
 * @param width channels of each block
 * @param steps of gradient descent, about
 * @param seed of every random choice
 */
public record ConvNetTrainer(int width, int steps, long seed) implements EvaluationNetworkTrainer {

    /** Of a large memory: it has to be seen more than once. */
    private static final int FEWEST_EPOCHS = 10;

    @Override
    public EvaluationReport learn(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress) {
        try (Evaluator evaluator = Evaluator.openOnOneCore()) {
            return evaluator.evaluate(memory, test, settings(memory), progress);
        }
    }

    private EvaluationSettings settings(DistilledSet memory) {
        ImageShape shape = memory.images().shape();
        TrainingRecipe recipe =
                TrainingRecipe.brief().withSteps(steps, memory.images().count());
        return new EvaluationSettings(
                recipe.withEpochs(Math.max(FEWEST_EPOCHS, recipe.epochs())), width, Presets.depth(shape), 1, 1, seed);
    }
}
