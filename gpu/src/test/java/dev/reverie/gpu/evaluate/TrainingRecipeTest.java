package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.dataset.ImageShape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingRecipeTest {

    @ParameterizedTest(name = "{0}, ipc {1}, factor {2}")
    @CsvSource({
        "mnist, 10, 1, color_crop_scale_rotate, 0.5",
        "mnist, 10, 2, color_crop_scale_rotate, 0",
        "fashion-mnist, 10, 2, color_crop_flip_scale_rotate, 0.5",
        "svhn, 1, 1, color_crop_cutout_scale_rotate, 0",
        "svhn, 1, 2, color_crop_scale_rotate, 0.5",
        "svhn, 10, 1, color_crop_scale_rotate, 0.5",
        "cifar10, 10, 2, color_crop_flip_scale_rotate, 0.5",
        "cifar100, 10, 2, color_crop_flip_scale_rotate, 0.5",
        "tiny-imagenet, 10, 2, color_crop_flip_scale_rotate, 0.5",
        "folder:photos, 10, 2, color_crop_flip_scale_rotate, 0.5"
    })
    @DisplayName("augments and mixes as published for the dataset")
    void isPublished(String dataset, int ipc, int factor, String augmentation, double mixProbability) {
        assertThat(TrainingRecipe.published(dataset, ipc, factor))
                .isEqualTo(TrainingRecipe.sgd(1000, 64, 0.01, augmentation, mixProbability));
    }

    @ParameterizedTest(name = "{0} epochs: epoch {1} at {2}")
    @CsvSource({
        "1000, 0, 0.01",
        "1000, 665, 0.01",
        "1000, 666, 0.002",
        "1000, 832, 0.002",
        "1000, 833, 0.0004",
        "1000, 999, 0.0004",
        "6, 3, 0.01",
        "6, 4, 0.002",
        "6, 5, 0.0004"
    })
    @DisplayName("drops the learning rate to a fifth after two thirds and after five sixths of the epochs")
    void decays(int epochs, int epoch, double expected) {
        assertThat(TrainingRecipe.published("cifar10", 10, 2).withEpochs(epochs).learningRateAt(epoch, epochs))
                .isCloseTo(expected, within(1e-15));
    }

    @ParameterizedTest(name = "{0} epochs: epoch {1} at {2}")
    @CsvSource({
        "1000, 599, 0.01",
        "1000, 600, 0.002",
        "1000, 799, 0.002",
        "1000, 800, 0.0004",
        "10, 5, 0.01",
        "10, 6, 0.002"
    })
    @DisplayName("drops it after three and after four fifths of the epochs in continual learning")
    void decaysStepByStep(int epochs, int epoch, double expected) {
        TrainingRecipe recipe = TrainingRecipe.published("cifar100", 20, 2)
                .withSchedule(LearningRateSchedule.FIFTHS)
                .withEpochs(epochs);

        assertThat(recipe.learningRateAt(epoch, epochs)).isCloseTo(expected, within(1e-15));
        assertThat(recipe.schedule().resetsOptimiser(epoch, epochs)).isFalse();
    }

    @ParameterizedTest(name = "{0} epochs: epoch {1} at {2}, with a new optimiser: {3}")
    @CsvSource({
        "1001, 0, 0.01, false",
        "1001, 501, 0.01, false",
        "1001, 502, 0.001, true",
        "1001, 503, 0.001, false",
        "1001, 1000, 0.001, false",
        "11, 6, 0.01, false",
        "11, 7, 0.001, true"
    })
    @DisplayName("of DM drops it to a tenth after half of the epochs, and restarts the optimiser")
    void halves(int epochs, int epoch, double expected, boolean reset) {
        TrainingRecipe recipe = TrainingRecipe.oneTransformation("cifar100").withEpochs(epochs);

        assertThat(recipe.learningRateAt(epoch, epochs)).isCloseTo(expected, within(1e-15));
        assertThat(recipe.schedule().resetsOptimiser(epoch, epochs)).isEqualTo(reset);
    }

    @Test
    @DisplayName("of DM has large batches, one transformation at a time and no cutmix, and does not flip digits")
    void oneTransformation() {
        assertThat(TrainingRecipe.oneTransformation("cifar100"))
                .isEqualTo(TrainingRecipe.sgd(1001, 256, 0.01, "color|crop|cutout|flip|scale|rotate", 0)
                        .withSchedule(LearningRateSchedule.HALF));
        assertThat(TrainingRecipe.oneTransformation("mnist").augmentation())
                .isEqualTo("color|crop|cutout|scale|rotate");
        assertThat(Augmentation.of(TrainingRecipe.oneTransformation("svhn").augmentation(), new ImageShape(3, 32, 32)))
                .hasToString("color|crop|scale|rotate|cutout");
    }

    @ParameterizedTest(name = "{0} steps on {1} images: {2} epochs")
    @CsvSource({"2100, 400, 300", "2100, 100, 1050", "2100, 20, 2100", "3, 400, 1"})
    @DisplayName("trains about equally long on large and small sets if a number of steps is given")
    void steps(int steps, int images, int epochs) {
        assertThat(TrainingRecipe.published("mnist", 10, 2)
                        .withSteps(steps, images)
                        .epochs())
                .isEqualTo(epochs);
    }

    @Test
    @DisplayName("refuses invalid settings")
    void refusesNonsense() {
        TrainingRecipe recipe = TrainingRecipe.published("mnist", 1, 1);

        assertThatThrownBy(() -> recipe.withEpochs(0)).hasMessageContaining("at least 1 epoch");
        assertThatThrownBy(() -> recipe.withLearningRate(Double.NaN)).hasMessageContaining("got NaN, 0.9");
        for (double probability : new double[] {-0.1, 7, Double.NaN}) {
            assertThatThrownBy(() -> recipe.withMixProbability(probability))
                    .hasMessage("the cutmix probability must lie between 0 and 1, got " + probability);
        }
    }
}
