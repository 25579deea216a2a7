package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.evaluate.TrainingRecipe;

/** How long a network is trained on a memory; its learning rate drops at the same shares of any length. */
public sealed interface TrainingLength {

    /**
     * The recipe at this length.
     *
     * @param images that it is trained on
     */
    TrainingRecipe of(TrainingRecipe recipe, int images);

    /** As the recipe has it. */
    record Published() implements TrainingLength {
        @Override
        public TrainingRecipe of(TrainingRecipe recipe, int images) {
            return recipe;
        }
    }

    /** A number of passes over the memory. */
    record Epochs(int count) implements TrainingLength {
        @Override
        public TrainingRecipe of(TrainingRecipe recipe, int images) {
            return recipe.withEpochs(count);
        }
    }

    /** About a number of gradient steps, whatever the size of the memory. */
    record Steps(int count) implements TrainingLength {
        @Override
        public TrainingRecipe of(TrainingRecipe recipe, int images) {
            return recipe.withSteps(count, images);
        }
    }
}
