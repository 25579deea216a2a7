package dev.reverie.gpu.matching;

import static dev.reverie.gpu.matching.CentralDifference.assertAlike;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.method.TrajectorySettingsBuilder;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A student's rollout of several steps, in double precision,")
class TrajectoryDerivativesTest {

    private static final int CLASSES = 3;
    private static final int WIDTH = 4;
    private static final int IPC = 2;
    private static final double RATE = 0.05;
    private static final ImageShape SHAPE = new ImageShape(1, 12, 12);
    private static final NetworkId NETWORK = new NetworkId(0, CLASSES);
    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.4), List.of(0.3));
    private static final String AUGMENTATION = "color|crop|cutout|flip|scale|rotate";

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
    private final SplittableRandom random = new SplittableRandom(5);
    private final ConvNetArchitecture architecture = new ConvNetArchitecture(SHAPE, CLASSES, WIDTH, 3);
    private final List<float[]> start = parameters(1);
    private final List<float[]> target = parameters(2);
    private final List<MovingImages> moving = movingImages();
    private final List<double[][]> stored =
            moving.stream().map(MovingImages::origin).toList();

    @ParameterizedTest(name = "{0} steps, at most {1} images in each, factor {2}, {3}")
    @CsvSource({
        "4, 100, 1, none",
        "3, 100, 2, " + AUGMENTATION,
        "5, 4, 1, " + AUGMENTATION,
    })
    @DisplayName("when unrolled, has image and learning rate gradients that match the slope of its loss")
    void unrolls(int steps, int batch, int factor, String augmentation) {
        DistillationSettings settings = settings(steps, batch, factor, augmentation, true);
        try (MatchingEngine engine = engine(settings)) {
            double learningRateGradient =
                    engine.joint().match(task(RATE), stored).learningRateGradient();
            double slope = slope(engine);

            double difference = CentralDifference.of(
                    step -> engine.joint().match(task(RATE), moved(step)).loss());
            assertAlike(slope, difference);
            double differenceByRate = CentralDifference.of(
                    step -> engine.joint().match(task(RATE + step), stored).loss());
            assertAlike(learningRateGradient, differenceByRate);
        }
    }

    @ParameterizedTest(name = "{0} steps, at most {1} images in each, factor {2}, {3}")
    @CsvSource({
        "4, 100, 1, none",
        "3, 100, 2, " + AUGMENTATION,
        "5, 4, 1, " + AUGMENTATION,
    })
    @DisplayName("as TESLA defines it, has the slope of a loss whose steps do not depend on earlier steps")
    void takesParametersAsGiven(int steps, int batch, int factor, String augmentation) {
        DistillationSettings settings = settings(steps, batch, factor, augmentation, false);
        TeslaLoss expected = new TeslaLoss(kernels, architecture, NORMALISATION, settings, task(RATE), stored);
        try (MatchingEngine engine = engine(settings)) {
            JointOutcome outcome = engine.joint().match(task(RATE), stored);
            double slope = slope(engine);

            assertAlike(outcome.loss(), expected.of(stored, RATE));
            assertAlike(slope, CentralDifference.of(step -> expected.of(moved(step), RATE)));
            assertAlike(outcome.learningRateGradient(), CentralDifference.of(step -> expected.of(stored, RATE + step)));
        }
    }

    @Test
    @DisplayName("of a single step has the same gradient, unrolled or not")
    void agreesOnOneStep() {
        List<double[]> gradients = new ArrayList<>();
        for (boolean unrolled : new boolean[] {true, false}) {
            try (MatchingEngine engine = engine(settings(1, 100, 1, "none", unrolled))) {
                engine.joint().match(task(RATE), stored);
                gradients.add(engine.match(matchTask(0)).gradient().values(0));
            }
        }

        assertThat(gradients.get(0)).isEqualTo(gradients.get(1));
    }

    @Test
    @DisplayName("of several steps has a different gradient when unrolled than with constant parameters")
    void differsOnMoreSteps() {
        double[] slopes = new double[2];
        for (int i = 0; i < slopes.length; i++) {
            try (MatchingEngine engine = engine(settings(4, 100, 1, "none", i == 1))) {
                engine.joint().match(task(RATE), stored);
                slopes[i] = slope(engine);
            }
        }

        assertThat(Math.abs(slopes[1] - slopes[0])).isGreaterThan(1e-3 * Math.abs(slopes[0]));
    }

    @Test
    @DisplayName("reports the share of the loss in the parameters of each block")
    void sharesTheLoss() {
        try (MatchingEngine engine = engine(settings(2, 100, 1, "none", false))) {
            JointOutcome outcome = engine.joint().match(task(RATE), stored);

            assertThat(outcome.blockLosses()).hasSize(3).allSatisfy(part -> assertThat(part)
                    .isPositive());
            assertAlike(
                    outcome.blockLosses().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum(),
                    outcome.loss());
        }
    }

    /** Slope of the last rollout's loss along the direction. */
    private double slope(MatchingEngine engine) {
        double slope = 0;
        for (int label = 0; label < CLASSES; label++) {
            MovingImages images = moving.get(label);
            slope += images.slope(engine.joint().gradient(matchTask(label)).gradient());
        }
        return slope;
    }

    private static MatchTask matchTask(int label) {
        return new MatchTask(NETWORK, label, List.of(), ImageBatch.of(SHAPE, new float[IPC * SHAPE.size()]), 0);
    }

    private FollowExpert task(double rate) {
        ImageBatch unused = ImageBatch.of(SHAPE, new float[IPC * SHAPE.size()]);
        return new FollowExpert(NETWORK, List.of(unused, unused, unused), start, target, rate, 99);
    }

    private MatchingEngine engine(DistillationSettings settings) {
        return MatchingEngine.on(kernels, 2, settings, SHAPE, NORMALISATION);
    }

    private static DistillationSettings settings(
            int steps, int batch, int factor, String augmentation, boolean unrolled) {
        return DistillationSettings.of(Method.MTT)
                .ipc(IPC)
                .factor(factor)
                .network(NetworkSettingsBuilder.builder()
                        .width(WIDTH)
                        .depth(3)
                        .learningRate(0.01)
                        .augmentation(augmentation)
                        .build())
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation(augmentation)
                        .maxDecoded(128)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(1)
                        .interval(1)
                        .candidates(1)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(1)
                        .innerLoops(1)
                        .networkBatch(8)
                        .warmUpSamples(8)
                        .build())
                .seed(3)
                .trajectory(Optional.of(rollout(steps, batch, unrolled)))
                .build();
    }

    private static TrajectorySettings rollout(int steps, int batch, boolean unrolled) {
        return TrajectorySettingsBuilder.builder()
                .epochs(1)
                .epochSamples(8)
                .starts(1)
                .span(1)
                .steps(steps)
                .batch(batch)
                .rate(RATE)
                .rateStep(0)
                .unrolled(unrolled)
                .build();
    }

    /** Returns parameters near each other, like two epochs of one expert. */
    private List<float[]> parameters(long seed) {
        try (ConvNet network = ConvNet.fresh(architecture, kernels, Seeds.generator(7))) {
            SplittableRandom noise = new SplittableRandom(seed);
            return network.parameters().tensors().stream()
                    .map(Tensor::toFloats)
                    .peek(values -> {
                        for (int i = 0; i < values.length; i++) {
                            values[i] += (float) noise.nextDouble(-0.02, 0.02);
                        }
                    })
                    .toList();
        }
    }

    private List<MovingImages> movingImages() {
        List<double[][]> origins = images();
        List<double[][]> directions = images();
        return IntStream.range(0, CLASSES)
                .mapToObj(label -> new MovingImages(origins.get(label), directions.get(label)))
                .toList();
    }

    private List<double[][]> images() {
        return IntStream.range(0, CLASSES)
                .mapToObj(label -> IntStream.range(0, IPC)
                        .mapToObj(i -> random.doubles(SHAPE.size()).toArray())
                        .toArray(double[][]::new))
                .toList();
    }

    private List<double[][]> moved(double step) {
        return moving.stream().map(images -> images.at(step)).toList();
    }
}
