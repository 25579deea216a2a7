package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The preset for TGDD")
class GuidancePresetsTest {

    private static final long SEED = 7;
    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    private static DistillationSettings paper(String dataset, int ipc) {
        return Presets.paper(dataset, SHAPE, Method.TGDD, ipc, 2, SEED);
    }

    @Test
    @DisplayName("of the paper has five experts of sixty epochs, whose learning rate drops twice, and 10,000 steps")
    void hasThePublishedExperts() {
        DistillationSettings tgdd = paper("cifar10", 10);

        assertThat(tgdd.network())
                .isEqualTo(NetworkSettingsBuilder.builder()
                        .width(128)
                        .depth(3)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .build());
        assertThat(tgdd.guidance())
                .contains(GuidanceSettingsBuilder.builder()
                        .epochs(60)
                        .epochSamples(50_000)
                        .ahead(6)
                        .build());
        assertThat(tgdd.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(5)
                        .innerLoops(2000)
                        .networkBatch(64)
                        .warmUpSamples(60 * 50_000)
                        .warmUpDecay(true)
                        .clampEveryLoop(true)
                        .build());
    }

    @ParameterizedTest(name = "{0} images a class")
    @CsvSource({"1, 0.01, 2.5", "10, 0.1, 2.5", "20, 0.2, 2.5", "50, 0.5, 0.5"})
    @DisplayName("of the paper steps by the published rate and weighs the cross-entropy by the number of images")
    void hasThePublishedStep(int ipc, double rate, double calibration) {
        DistillationSettings tgdd = paper("cifar10", ipc);

        assertThat(tgdd.matching())
                .isEqualTo(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.01 * ipc)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(200)
                        .calibration(calibration)
                        .build());
        assertThat(tgdd.matching().learningRate()).isEqualTo(rate);
        assertThat(tgdd.representatives().count()).isEqualTo(128);
        assertThat(tgdd.composition()).isEqualTo(Method.TGDD.composition());
    }

    @Test
    @DisplayName("of the paper has networks of three blocks for Tiny ImageNet, too")
    void isShallow() {
        DistillationSettings tiny = Presets.paper("tiny-imagenet", new ImageShape(3, 64, 64), Method.TGDD, 10, 2, SEED);

        assertThat(tiny.network().depth()).isEqualTo(3);
    }

    @Test
    @DisplayName("of the paper trains the experts for sixty epochs of the images that a dataset has")
    void hasEpochsOfTheDataset() {
        DistillationSettings tgdd = Presets.paper(dataset(30), Method.TGDD, 1, 2, SEED);

        assertThat(tgdd.experts()).contains(new ExpertTraining(60, 30, 1));
        assertThat(tgdd.schedule().warmUpSamples()).isEqualTo(60 * 30);
    }

    private static Dataset dataset(int images) {
        ImageShape shape = new ImageShape(1, 8, 8);
        LabelledImage black = new LabelledImage(Image.of(shape, new byte[shape.size()]), 0);
        return new Dataset(
                "folder:few",
                shape,
                List.of("only"),
                new Normalisation(List.of(0.5), List.of(0.25)),
                Collections.nCopies(images, black),
                List.of());
    }

    @Test
    @DisplayName(
            "for minutes starts from k-means representatives, and its experts learn more slowly from epoch to epoch")
    void isQuick() {
        DistillationSettings tgdd = Presets.quick("fashion-mnist", SHAPE, Method.TGDD, 10, 2, SEED);

        assertThat(tgdd.composition().initialiser()).isEqualTo(Initialiser.K_MEANS);
        assertThat(tgdd.experts().orElseThrow().decay()).isLessThan(1);
        assertThat(tgdd.schedule().warmUpSamples())
                .isEqualTo(tgdd.experts().orElseThrow().samples());
    }

    @Test
    @DisplayName("for minutes never has epochs that are longer than the dataset")
    void limitsEpochs() {
        DistillationSettings few =
                Presets.quick("folder:few", SHAPE, Method.TGDD, 1, 2, SEED).withExpertEpochsAtMost(300);
        DistillationSettings dream = Presets.quick("folder:few", SHAPE, Method.DREAM, 1, 2, SEED);

        ExpertTraining training = few.experts().orElseThrow();
        assertThat(training.epochSamples()).isEqualTo(300);
        assertThat(few.schedule().warmUpSamples()).isEqualTo(300 * training.epochs());
        assertThat(dream.withExpertEpochsAtMost(300)).isEqualTo(dream);
    }

    @Test
    @DisplayName("contains guidance, which is required for this method and refused for every other")
    void requiresGuidance() {
        DistillationSettings tgdd = paper("cifar10", 10);

        assertThatThrownBy(() -> tgdd.withGuidance(Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("guidance settings are required for the method tgdd");
        assertThatThrownBy(() -> tgdd.withMethod(Method.DANCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not allowed for any other");
        assertThatThrownBy(() -> tgdd.guidance().orElseThrow().withDecay(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the decay must be above 0 and at most 1, got 0.0");
    }
}
