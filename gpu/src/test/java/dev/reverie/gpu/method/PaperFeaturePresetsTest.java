package dev.reverie.gpu.method;

import static dev.reverie.gpu.method.PaperPresetsTest.paper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The preset with the settings of the papers, for methods that match features or trajectories,")
class PaperFeaturePresetsTest {
    @ParameterizedTest(name = "{0}: rate {1}, {2}")
    @CsvSource({
        "cifar10, 0.04036, color|crop|cutout|flip|scale|rotate",
        "cifar100, 0.07108, color|crop|cutout|flip|scale|rotate",
        "fashion-mnist, 0.12461, color|crop|cutout|flip|scale|rotate",
        "mnist, 0.09493, color|crop|cutout|scale|rotate",
        "svhn, 0.03920, color|crop|cutout|scale|rotate",
    })
    @DisplayName("gives DM 20,000 untrained networks, 256 real images and rate 1 in normalised space")
    void isDm(String dataset, double rate, String augmentation) {
        DistillationSettings dm = paper(dataset, Method.DM, 10, 1);

        assertThat(dm.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(200)
                        .innerLoops(100)
                        .networkBatch(256)
                        .jointStep(true)
                        .build());
        assertThat(dm.network().variation()).isEqualTo(NetworkVariation.REDRAWN);
        assertThat(dm.representatives().count()).isEqualTo(256);
        assertThat(dm.matching().distance()).isEqualTo(GradientDistance.MSE);
        assertThat(dm.matching().augmentation()).isEqualTo(augmentation);
        assertThat(dm.matching().learningRate()).isCloseTo(rate, within(1e-5));
    }

    @ParameterizedTest(name = "{0} with {1} images a class: {2}")
    @CsvSource({"cifar10, 99, 0.04036", "cifar10, 100, 0.40361", "cifar10, 1250, 0.40361", "cifar100, 100, 0.07108"})
    @DisplayName("gives DM ten times the rate for large sets of CIFAR-10")
    void isDmOfLargeSets(String dataset, int ipc, double rate) {
        assertThat(paper(dataset, Method.DM, ipc, 1).matching().learningRate()).isCloseTo(rate, within(1e-5));
    }

    @Test
    @DisplayName(
            "gives DANCE five blended networks like those of DREAM, of sixty epochs, 10,000 loops, clamping, and calibration")
    void isDance() {
        DistillationSettings dance = paper("cifar10", Method.DANCE, 10, 2);

        assertThat(dance.network())
                .isEqualTo(paper("cifar10", Method.DREAM, 10, 2)
                        .network()
                        .withPool(5)
                        .withVariation(NetworkVariation.BLENDED));
        assertThat(dance.matching())
                .isEqualTo(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(200)
                        .calibration(1)
                        .build());
        assertThat(dance.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(5)
                        .innerLoops(2000)
                        .networkBatch(64)
                        .warmUpSamples(3_000_000)
                        .warmUpDecay(true)
                        .clampEveryLoop(true)
                        .build());
        assertThat(dance.representatives().count()).isEqualTo(128);
        assertThat(dance.composition().initialiser()).isEqualTo(Initialiser.IN_ORDER);
    }

    @ParameterizedTest(name = "{0}x{1}: rate {2}, {3} images to train")
    @CsvSource({
        "32, 32, 0.1, 3000000",
        "64, 64, 0.1, 3000000",
        "128, 128, 1, 4000000",
        "128, 160, 0.1, 3000000",
        "224, 224, 0.1, 3000000",
    })
    @DisplayName("gives DANCE ten times the rate and eighty epochs for images of the size of ImageNet's subsets")
    void isDanceOfImageNet(int height, int width, double rate, int samples) {
        ImageShape shape = new ImageShape(3, height, width);

        DistillationSettings dance = Presets.paper("folder:photos", shape, Method.DANCE, 10, 2, 0);

        assertThat(dance.matching().learningRate()).isCloseTo(rate, within(1e-9));
        assertThat(dance.schedule().warmUpSamples()).isEqualTo(samples);
    }

    @Test
    @DisplayName("gives IDM a queue of a hundred networks, of which one is trained for twenty steps in each loop")
    void isIdm() {
        DistillationSettings idm = paper("cifar10", Method.IDM, 10, 2);

        assertThat(idm.network())
                .isEqualTo(paper("cifar10", Method.DM, 10, 2)
                        .network()
                        .withAugmentation("none")
                        .withPool(100)
                        .withVariation(NetworkVariation.QUEUED));
        assertThat(idm.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(667)
                        .innerLoops(30)
                        .networkSamples(20 * 256)
                        .networkBatch(256)
                        .build());
        assertThat(idm.matching().learningRate()).isCloseTo(0.2 * 0.04036, within(1e-5));
        assertThat(idm.matching().augmentation()).isEqualTo("color|crop|cutout|flip|scale|rotate");
        assertThat(idm.representatives().count()).isEqualTo(256);
        assertThat(idm.composition().initialiser()).isEqualTo(Initialiser.RANDOM);
        assertThat(paper("tiny-imagenet", Method.IDM, 10, 2).network().depth()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0} with {1} images a class: weight {2}, {3} images to train, {4} loops, batch {5}")
    @CsvSource({
        "cifar10, 1, 50, 5120, 5, 5000",
        "cifar10, 10, 50, 5120, 30, 256",
        "cifar10, 50, 10, 5120, 30, 256",
        "cifar100, 1, 50, 5120, 5, 5000",
        "cifar100, 10, 10, 25600, 30, 256",
        "cifar100, 50, 10, 5120, 30, 256",
        "tiny-imagenet, 1, 50, 5120, 30, 256",
        "tiny-imagenet, 10, 50, 5120, 30, 256",
        "tiny-imagenet, 50, 80, 25600, 30, 256",
    })
    @DisplayName("gives IDM the weights, trainings and batches of the published commands")
    void isIdmByDataset(String dataset, int ipc, double weight, int samples, int loops, int batch) {
        DistillationSettings idm = paper(dataset, Method.IDM, ipc, 2);

        assertThat(idm.matching().calibration()).isEqualTo(weight);
        assertThat(idm.schedule().networkSamples()).isEqualTo(samples);
        assertThat(idm.schedule().innerLoops()).isEqualTo(loops);
        assertThat(idm.representatives().count()).isEqualTo(batch);
    }

    @Test
    @DisplayName("gives DANCE cutout and cutmix for mosaics of MNIST, and three blocks for Tiny ImageNet")
    void isDanceByDataset() {
        DistillationSettings mnist = paper("mnist", Method.DANCE, 10, 2);

        assertThat(mnist.matching().augmentation()).isEqualTo("color_crop_cutout");
        assertThat(mnist.network().mixProbability()).isEqualTo(0.5);
        assertThat(paper("tiny-imagenet", Method.DANCE, 10, 2).network().depth())
                .isEqualTo(3);
        assertThat(paper("tiny-imagenet", Method.DREAM, 10, 2).network().depth())
                .isEqualTo(4);
    }

    @ParameterizedTest(name = "{0} with {1} images a class")
    @CsvSource({
        "cifar10, 1, 50, 2, 2, 4.036081, 1e-7, 0.01, 2147483647",
        "cifar10, 10, 30, 2, 20, 4.036081, 1e-5, 0.001, 2147483647",
        "cifar10, 50, 30, 2, 40, 40.36081, 1e-5, 0.001, 2147483647",
        "cifar100, 1, 20, 3, 20, 40.36081, 1e-5, 0.01, 2147483647",
        "cifar100, 10, 20, 2, 20, 40.36081, 1e-5, 0.01, 2147483647",
        "cifar100, 50, 80, 2, 40, 40.36081, 1e-5, 0.01, 125",
        "tiny-imagenet, 1, 10, 2, 10, 510.76, 1e-4, 0.01, 2147483647",
        "tiny-imagenet, 10, 20, 2, 40, 510.76, 1e-4, 0.01, 200",
        "tiny-imagenet, 50, 20, 2, 40, 510.76, 1e-4, 0.01, 300",
        "fashion-mnist, 10, 30, 2, 20, 12.4609, 1e-5, 0.001, 2147483647",
        "mnist, 1, 50, 2, 2, 9.492561, 1e-7, 0.01, 2147483647",
        "svhn, 50, 30, 2, 40, 39.204, 1e-5, 0.001, 2147483647",
        "folder:photos, 20, 30, 2, 20, 4.036081, 1e-5, 0.001, 2147483647"
    })
    @DisplayName(
            "gives MTT the student of its table and the gradient through all steps, with the rate of images in [0, 1]")
    void isMtt(
            String dataset,
            int ipc,
            int steps,
            int span,
            int starts,
            double imageRate,
            double rateStep,
            double rate,
            int batch) {
        DistillationSettings mtt = paper(dataset, Method.MTT, ipc, 1);
        TrajectorySettings trajectory = mtt.trajectory().orElseThrow();

        assertThat(trajectory)
                .isEqualTo(TrajectorySettingsBuilder.builder()
                        .epochs(50)
                        .epochSamples(trajectory.epochSamples())
                        .starts(starts)
                        .span(span)
                        .steps(steps)
                        .batch(batch)
                        .rate(rate)
                        .rateStep(rateStep)
                        .unrolled(true)
                        .build());
        assertThat(mtt.matching().learningRate()).isCloseTo(imageRate, within(1e-9));
        assertThat(mtt.matching().momentum()).isEqualTo(0.5);
    }

    @ParameterizedTest(name = "{0}: epochs of {1} images, {2}")
    @CsvSource({
        "mnist, 60000, color|crop|cutout|scale|rotate",
        "fashion-mnist, 60000, color|crop|cutout|flip|scale|rotate",
        "svhn, 73257, color|crop|cutout|scale|rotate",
        "cifar10, 50000, color|crop|cutout|flip|scale|rotate",
        "cifar100, 50000, color|crop|cutout|flip|scale|rotate",
        "tiny-imagenet, 100000, color|crop|cutout|flip|scale|rotate"
    })
    @DisplayName("gives MTT a hundred experts of fifty epochs by plain SGD, and 5,000 rollouts")
    void isOfExperts(String dataset, int epochSamples, String augmentation) {
        DistillationSettings mtt = paper(dataset, Method.MTT, 10, 1);

        assertThat(mtt.network().withWidth(1))
                .isEqualTo(NetworkSettingsBuilder.builder()
                        .width(1)
                        .depth(mtt.network().depth())
                        .learningRate(0.01)
                        .augmentation(augmentation)
                        .build());
        assertThat(mtt.network().width()).isEqualTo(128);
        assertThat(mtt.matching().augmentation()).isEqualTo(augmentation);
        assertThat(mtt.schedule())
                .isEqualTo(ScheduleSettingsBuilder.builder()
                        .outerIterations(100)
                        .innerLoops(50)
                        .networkBatch(256)
                        .warmUpSamples(50 * epochSamples)
                        .jointStep(true)
                        .build());
    }
}
