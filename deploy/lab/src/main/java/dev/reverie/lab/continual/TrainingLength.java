package dev.reverie.lab.continual;

import dev.reverie.gpu.evaluate.TrainingRecipe;

/**
 * The length of a network's training on a memory; the learning rate drops at the same fractions of the training,
 * however long it is.
 */
public sealed interface TrainingLength {

    /**
     * Returns the recipe with this length.
     *
     * @param images number of training images
     */
    TrainingRecipe of(TrainingRecipe recipe, int images);

    /** The length that the recipe specifies. */
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

    /** An approximate number of gradient steps, regardless of the size of the memory. */
    record Steps(int count) implements TrainingLength {
        @Override
        public TrainingRecipe of(TrainingRecipe recipe, int images) {
            return recipe.withSteps(count, images);
        }
    }
}
