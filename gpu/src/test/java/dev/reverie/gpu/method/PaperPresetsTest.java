package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The preset with the settings of the paper")
class PaperPresetsTest {

    private static final long SEED = 7;

    private static ImageShape shape(String dataset) {
        return switch (dataset) {
            case "mnist", "fashion-mnist" -> new ImageShape(1, 28, 28);
            case "tiny-imagenet" -> new ImageShape(3, 64, 64);
            default -> new ImageShape(3, 32, 32);
        };
    }

    static DistillationSettings paper(String dataset, Method method, int ipc, int factor) {
        return Presets.paper(dataset, shape(dataset), method, ipc, factor, SEED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mnist, L1, 500, 3, 128",
        "fashion-mnist, L1, 500, 3, 128",
        "svhn, MSE, 500, 3, 128",
        "cifar10, MSE, 2000, 3, 128",
        "cifar100, MSE, 2000, 3, 128",
        "tiny-imagenet, MSE, 1000, 4, 64",
        "folder:photos, MSE, 2000, 3, 128"
    })
    @DisplayName("has each dataset's distance, network samples, depth and batch")
    void isByDataset(String dataset, GradientDistance distance, int networkSamples, int depth, int batch) {
        DistillationSettings settings = paper(dataset, Method.DREAM, 10, 2);

        assertThat(settings.matching().distance()).isEqualTo(distance);
        assertThat(settings.schedule().networkSamples()).isEqualTo(networkSamples);
        assertThat(settings.network().depth()).isEqualTo(depth);
        assertThat(settings.representatives().count()).isEqualTo(batch);
        assertThat(settings.schedule().networkBatch()).isEqualTo(batch);
    }

    @ParameterizedTest(name = "{0} with {1} images a class: {2}")
    @CsvSource({
        "mnist, 10, 1e-4",
        "fashion-mnist, 1, 7.65625e-6",
        "fashion-mnist, 10, 7.65625e-5",
        "svhn, 10, 5e-3",
        "cifar10, 1, 5e-4",
        "cifar10, 10, 5e-3",
        "cifar10, 50, 2.5e-2",
        "tiny-imagenet, 1, 2e-3",
        "tiny-imagenet, 50, 2e-5",
        "folder:photos, 10, 5e-3"
    })
    @DisplayName("scales the image learning rate with ipc and area")
    void scalesTheLearningRate(String dataset, int ipc, double expected) {
        assertThat(paper(dataset, Method.DREAM, ipc, 2).matching().learningRate())
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    @DisplayName("has all settings of the paper for CIFAR-10")
    void isComplete() {
        DistillationSettings settings = paper("cifar10", Method.DREAM, 10, 2);

        assertThat(settings.network())
                .isEqualTo(NetworkSettingsBuilder.builder()
                        .width(128)
                        .depth(3)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .build());
        assertThat(settings.matching())
                .isEqualTo(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(5e-3)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(128)
                        .build());
        assertThat(settings.representatives())
                .isEqualTo(RepresentativeSettingsBuilder.builder()
                        .count(128)
                        .interval(10)
                        .build());
        assertThat(settings.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(1200)
                        .innerLoops(100)
                        .networkSamples(2000)
                        .networkBatch(128)
                        .build());
        assertThat(settings.seed()).isEqualTo(SEED);
        assertThat(settings.ipc()).isEqualTo(10);
        assertThat(settings.factor()).isEqualTo(2);
    }

    @Test
    @DisplayName("gives IDC half the batch and the iterations of its code")
    void isByMethod() {
        DistillationSettings settings = paper("cifar10", Method.IDC, 10, 2);

        assertThat(settings.representatives().count()).isEqualTo(64);
        assertThat(settings.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(2000)
                        .innerLoops(100)
                        .networkSamples(2000)
                        .networkBatch(64)
                        .build());
    }

    @Test
    @DisplayName(
            "gives DREAM+ one epoch per new network, the outer iterations of its code, and the other settings of DREAM")
    void isDreamPlus() {
        DistillationSettings plus = paper("cifar10", Method.DREAM_PLUS, 10, 2);

        assertThat(plus.matching())
                .isEqualTo(paper("cifar10", Method.DREAM, 10, 2).matching());
        assertThat(plus.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(2000)
                        .innerLoops(100)
                        .networkSamples(2000)
                        .networkBatch(128)
                        .selectionSamples(50_000)
                        .warmUpSamples(50_000)
                        .build());
        assertThat(plus.composition()).isEqualTo(Method.DREAM_PLUS.composition());
    }

    @ParameterizedTest(name = "{0}: {1} images")
    @CsvSource({"mnist, 60000", "svhn, 73257", "cifar100, 50000", "tiny-imagenet, 100000"})
    @DisplayName("gives DREAM+ epochs of the dataset, and DANCE sixty of them")
    void isByEpochsOfTheDataset(String dataset, int epoch) {
        assertThat(paper(dataset, Method.DREAM_PLUS, 10, 2).schedule().selectionSamples())
                .isEqualTo(epoch);
        assertThat(paper(dataset, Method.DREAM_PLUS, 10, 2).schedule().warmUpSamples())
                .isEqualTo(epoch);
        assertThat(paper(dataset, Method.DANCE, 10, 2).schedule().warmUpSamples())
                .isEqualTo(60 * epoch);
    }

    @Test
    @DisplayName("gives DREAM+, DANCE and the observer of RDED epochs of the images that there are")
    void isByEpochsOfAFolder() {
        ScheduleSettings plus = ofSevenImages(Method.DREAM_PLUS, 2).schedule();

        assertThat(plus.warmUpSamples()).isEqualTo(7);
        assertThat(plus.selectionSamples()).isEqualTo(7);
        assertThat(ofSevenImages(Method.DANCE, 2).schedule().warmUpSamples()).isEqualTo(60 * 7);
        assertThat(ofSevenImages(Method.RDED, 1).schedule().selectionSamples()).isEqualTo(200 * 7);
    }

    @ParameterizedTest
    @EnumSource(names = {"DC", "DSA"})
    @DisplayName("gives DC and DSA epochs of as many images as the memory of all classes has")
    void isByClassesOfAFolder(Method method) {
        int ofTenClasses = paper("cifar10", method, 10, 1).schedule().networkSamples();

        assertThat(ofSevenImages(method, 1).schedule().networkSamples()).isEqualTo(ofTenClasses / 10);
    }

    @Test
    @DisplayName("does not depend on the number of images for a method without epochs")
    void isWithoutEpochs() {
        assertThat(ofSevenImages(Method.HERDING, 1)).isEqualTo(paper("folder:photos", Method.HERDING, 10, 1));
    }

    /** Returns the settings for a folder with seven images of one class. */
    private static DistillationSettings ofSevenImages(Method method, int factor) {
        ImageShape shape = shape("folder:photos");
        Dataset folder = new Dataset(
                "folder:photos",
                shape,
                List.of("only"),
                Normalisation.neutral(shape),
                Collections.nCopies(7, new LabelledImage(Image.of(shape, new byte[shape.size()]), 0)),
                List.of());
        return Presets.paper(folder, method, 10, factor, SEED);
    }

    @Test
    @DisplayName("gives DREAM+ on Tiny ImageNet the images nearest to any centroid as its real batch")
    void isDreamPlusOnTinyImageNet() {
        assertThat(paper("tiny-imagenet", Method.DREAM_PLUS, 10, 2).composition())
                .isEqualTo(Method.DREAM_PLUS.composition().with(SelectionRule.K_MEANS_CORE));
        assertThat(paper("tiny-imagenet", Method.DREAM, 10, 2).composition()).isEqualTo(Method.DREAM.composition());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"cifar10, 0.0040361", "cifar100, 0.0071076", "fashion-mnist, 0.0124609"})
    @DisplayName("converts the rate of DC and DSA by the deviation with which their code normalises the dataset")
    void isDcByDataset(String dataset, double rate) {
        assertThat(paper(dataset, Method.DC, 10, 1).matching().learningRate()).isCloseTo(rate, within(1e-6));
        assertThat(paper(dataset, Method.DSA, 10, 1).matching().learningRate()).isCloseTo(rate, within(1e-6));
    }

    @Test
    @DisplayName("starts DC from noise in normalised space, and DSA from random real images")
    void startsDcFromNoise() {
        assertThat(paper("cifar10", Method.DC, 10, 1).composition().initialiser())
                .isEqualTo(Initialiser.NORMALISED_NOISE);
        assertThat(paper("cifar10", Method.DSA, 10, 1).composition().initialiser())
                .isEqualTo(Initialiser.RANDOM);
    }

    @ParameterizedTest(name = "{0} images a class: {1} matchings, {2} training images after each")
    @CsvSource({"1, 1, 0", "10, 10, 5000", "20, 20, 5000", "30, 30, 6000", "40, 40, 6000", "50, 50, 5000"})
    @DisplayName("gives DC and DSA the matchings and epochs of their table, by plain SGD on the synthetic images")
    void isDcAndDsa(int ipc, int matchings, int samples) {
        for (Method method : new Method[] {Method.DC, Method.DSA}) {
            DistillationSettings settings = paper("cifar10", method, ipc, 1);

            assertThat(method.trainsOnMemory()).isTrue();
            assertThat(settings.schedule())
                    .isEqualTo(ScheduleSettingsBuilder.builder()
                            .outerIterations(1000)
                            .innerLoops(matchings)
                            .networkSamples(samples)
                            .networkBatch(256)
                            .jointStep(true)
                            .build());
            assertThat(settings.network().momentum()).isZero();
            assertThat(settings.network().weightDecay()).isZero();
            assertThat(settings.matching().distance()).isEqualTo(GradientDistance.COS);
            assertThat(settings.matching().learningRate()).isCloseTo(0.004036, within(1e-6));
        }
        assertThat(paper("cifar10", Method.DC, ipc, 1).matching().augmentation())
                .isEqualTo("none");
        assertThat(paper("cifar10", Method.DSA, ipc, 1).matching().augmentation())
                .isEqualTo("color|crop|cutout|flip|scale|rotate");
    }

    @Test
    @DisplayName("omits cutout and cutmix for MNIST digits that share a stored image")
    void treatsMnistApart() {
        assertThat(paper("mnist", Method.DREAM, 10, 2).matching().augmentation())
                .isEqualTo("color_crop");
        assertThat(paper("mnist", Method.DREAM, 10, 2).network().mixProbability())
                .isZero();
        assertThat(paper("mnist", Method.DREAM, 10, 1).matching().augmentation())
                .isEqualTo("color_crop_cutout");
        assertThat(paper("mnist", Method.DREAM, 10, 1).network().mixProbability())
                .isEqualTo(0.5);
    }
}
