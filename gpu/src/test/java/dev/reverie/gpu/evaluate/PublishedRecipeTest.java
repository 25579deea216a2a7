package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.evaluate.PublishedRecipe.Target;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The published recipe")
class PublishedRecipeTest {

    private static final double STUDENT_RATE = 0.02;

    private static Target target(String dataset, int ipc, int factor, EvaluationNetwork network) {
        return new Target(dataset, ipc, factor, 10, network, STUDENT_RATE);
    }

    private static Target target(String dataset) {
        return target(dataset, 10, 2, EvaluationNetwork.CONVNET);
    }

    @ParameterizedTest(name = "{0} with {1} images a class and factor {2}: {3} epochs")
    @CsvSource({"DENSENET, 50, 2, 400", "DENSENET, 49, 2, 1000", "DENSENET, 50, 1, 1000", "RESNET_10, 50, 2, 1000"})
    @DisplayName("of IDC trains a DenseNet for fewer epochs on many mosaics")
    void idc(EvaluationNetwork network, int ipc, int factor, int epochs) {
        assertThat(PublishedRecipe.IDC.of(target("cifar10", ipc, factor, network)))
                .isEqualTo(TrainingRecipe.published("cifar10", ipc, factor).withEpochs(epochs));
    }

    @Test
    @DisplayName("of DC has no augmentation and 301 epochs, except for MNIST")
    void dc() {
        TrainingRecipe dm = PublishedRecipe.DM.of(target("cifar10"));

        assertThat(PublishedRecipe.DC.of(target("cifar10")))
                .isEqualTo(TrainingRecipe.sgd(301, 256, 0.01, "none", 0).withSchedule(LearningRateSchedule.HALF));
        assertThat(PublishedRecipe.DC.of(target("mnist"))).isEqualTo(dm.withAugmentation("crop|scale|rotate"));
    }

    @Test
    @DisplayName("of MTT is that of DM with the learning rate of the student")
    void mtt() {
        assertThat(PublishedRecipe.MTT.of(target("cifar10")))
                .isEqualTo(TrainingRecipe.oneTransformation("cifar10").withLearningRate(STUDENT_RATE));
    }

    @ParameterizedTest(name = "{0}, ipc {1}, factor {2}: {3}")
    @CsvSource({
        "cifar10, 10, 2, color_crop_flip_scale_rotate",
        "mnist, 10, 2, color_crop_scale_rotate",
        "svhn, 1, 1, color_crop_scale_rotate"
    })
    @DisplayName("of DANCE has 1,500 epochs, and cutmix for every set")
    void dance(String dataset, int ipc, int factor, String augmentation) {
        assertThat(PublishedRecipe.DANCE.of(target(dataset, ipc, factor, EvaluationNetwork.CONVNET)))
                .isEqualTo(TrainingRecipe.sgd(1500, 64, 0.01, augmentation, 0.5));
    }

    @Test
    @DisplayName(
            "of DD-Ranking has batches of 128 and drops the rate to a tenth in the middle, without a new optimiser")
    void ddRanking() {
        TrainingRecipe recipe = PublishedRecipe.DDR.of(target("cifar10"));

        assertThat(recipe)
                .isEqualTo(TrainingRecipe.sgd(1000, 128, 0.01, "color|crop|cutout|flip|scale|rotate", 0)
                        .withSchedule(LearningRateSchedule.MIDDLE));
        assertThat(recipe.learningRateAt(499, 1000)).isEqualTo(0.01);
        assertThat(recipe.learningRateAt(500, 1000)).isCloseTo(0.001, within(1e-15));
        assertThat(recipe.schedule().resetsOptimiser(500, 1000)).isFalse();
    }

    @ParameterizedTest(name = "{0} images a class of {1} classes: batches of {2}")
    @CsvSource({"1, 10, 10", "10, 10, 50", "50, 10, 100", "1, 5, 5", "10, 100, 100", "1, 200, 20"})
    @DisplayName("of RDED takes labels of an observer for whole mosaics, and ends at half of the learning rate")
    void rded(int ipc, int classes, int batch) {
        TrainingRecipe recipe =
                PublishedRecipe.RDED.of(new Target("folder:x", ipc, 2, classes, EvaluationNetwork.CONVNET_BN, 1));

        assertThat(recipe)
                .isEqualTo(new TrainingRecipe(
                        300,
                        batch,
                        0.001,
                        0,
                        0.01,
                        "mosaic-2",
                        1,
                        LearningRateSchedule.HALF_COSINE,
                        TrainingRecipe.OptimiserKind.ADAM_W,
                        Optional.of(20.0)));
        assertThat(recipe.learningRateAt(0, 300)).isEqualTo(0.001);
        assertThat(recipe.learningRateAt(150, 300)).isCloseTo(0.001 * (1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(recipe.learningRateAt(300, 300)).isCloseTo(0.0005, within(1e-12));
    }

    @ParameterizedTest(name = "{0}, {1}: batches of {2}, rate {3}")
    @CsvSource({
        "tiny-imagenet, RESNET_18, 100, 0.001",
        "cifar100, CONVNET_BN, 25, 0.002",
        "cifar100, RESNET_18, 100, 0.001"
    })
    @DisplayName("of RDED has other batches for Tiny ImageNet, and for ConvNets on CIFAR-100")
    void rdedExceptions(String dataset, EvaluationNetwork network, int batch, double rate) {
        TrainingRecipe recipe = PublishedRecipe.RDED.of(new Target(dataset, 10, 1, 100, network, 1));

        assertThat(recipe.batch()).isEqualTo(batch);
        assertThat(recipe.learningRate()).isEqualTo(rate);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("never has both cutout and cutmix")
    void isConsistent(PublishedRecipe recipe) {
        TrainingRecipe training = recipe.of(target("fashion-mnist"));

        assertThat(training.mixProbability() > 0 && training.augmentation().contains("cutout"))
                .isFalse();
    }
}
