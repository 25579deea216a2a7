package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.evaluate.TrainingRecipe;

/** The length of a network's training on a memory; the learning rate drops at the same fractions of any length. */
public sealed interface TrainingLength {

    /**
     * Returns the recipe with this length.
     *
     * @param images number of training images
     */
    TrainingRecipe of(TrainingRecipe recipe, int images);

    /** The length in the recipe. */
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

    /** An approximate number of gradient steps, whatever the size of the memory. */
    record Steps(int count) implements TrainingLength {
        @Override
        public TrainingRecipe of(TrainingRecipe recipe, int images) {
            return recipe.withSteps(count, images);
        }
    }
}
