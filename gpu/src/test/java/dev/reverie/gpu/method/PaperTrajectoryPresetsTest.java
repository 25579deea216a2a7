package dev.reverie.gpu.method;

import static dev.reverie.gpu.method.PaperPresetsTest.paper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The preset with the settings of the paper, for trajectory matching,")
class PaperTrajectoryPresetsTest {

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
