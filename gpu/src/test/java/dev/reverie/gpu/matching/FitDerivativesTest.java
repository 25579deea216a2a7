package dev.reverie.gpu.matching;

import static dev.reverie.gpu.matching.CentralDifference.assertAlike;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.FitSettings;
import dev.reverie.gpu.method.FitSettings.CafeSettings;
import dev.reverie.gpu.method.FitSettings.RidgeSettings;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A model fitted to the synthetic images of all classes, in double precision,")
class FitDerivativesTest {

    private static final int CLASSES = 3;
    private static final int IPC = 2;
    private static final double RATE = 0.05;
    private static final ImageShape SHAPE = new ImageShape(1, 12, 12);
    private static final NetworkId NETWORK = new NetworkId(0, CLASSES);
    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.4), List.of(0.3));
    private static final String AUGMENTATION = "color|crop|cutout|flip|scale|rotate";

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
    private final SplittableRandom random = new SplittableRandom(5);
    private final List<MovingImages> moving = Stream.generate(() -> MovingImages.random(random, IPC, SHAPE.size()))
            .limit(CLASSES)
            .toList();
    private final List<LabelledImage> real = IntStream.range(0, 21)
            .mapToObj(i -> new LabelledImage(image(), i % CLASSES))
            .toList();

    @ParameterizedTest(name = "factor {0}, at most {1} decoded images of a class, {2}")
    @CsvSource({"1, 100, none", "2, 100, " + AUGMENTATION, "2, 5, " + AUGMENTATION})
    @DisplayName("by ridge regression, has an image gradient that matches the slope of its loss")
    void ridge(int factor, int decoded, String augmentation) {
        DistillationSettings settings = settings(Method.RIDGE, factor, augmentation, new RidgeSettings(0.01));
        settings = settings.withMatching(settings.matching().withMaxDecoded(decoded));

        try (MatchingEngine engine = engine(settings)) {
            JointOutcome outcome = loss(engine, 0, RATE);
            double slope = slope(engine);

            assertAlike(
                    slope, CentralDifference.of(step -> loss(engine, step, RATE).loss()));
            assertThat(outcome.learningRateGradient()).isZero();
            assertThat(outcome.blockLosses()).containsExactly(0.0, outcome.loss());
        }
    }

    @ParameterizedTest(name = "factor {0}, {1}")
    @CsvSource({"1, none", "2, " + AUGMENTATION})
    @DisplayName("by the means of all layers, has an image gradient that matches the slope of its loss")
    void cafe(int factor, String augmentation) {
        try (MatchingEngine engine = engine(settings(Method.CAFE, factor, augmentation, new CafeSettings(3)))) {
            JointOutcome outcome = loss(engine, 0, RATE);
            double slope = slope(engine);

            assertAlike(
                    slope, CentralDifference.of(step -> loss(engine, step, RATE).loss()));
            assertThat(outcome.blockLosses())
                    .allSatisfy(block -> assertThat(block).isPositive());
        }
    }

    @ParameterizedTest(name = "{0} steps of at most {1} images, factor {2}, {3}")
    @CsvSource({"4, 100, 1, none", "3, 4, 2, " + AUGMENTATION})
    @DisplayName("by the steps of a student, has image and learning rate gradients that match the slope of its loss")
    void student(int steps, int batch, int factor, String augmentation) {
        DistillationSettings settings =
                settings(Method.BPTT, factor, augmentation, new UnrolledSettings(steps, steps, batch, RATE, 0));

        try (MatchingEngine engine = engine(settings)) {
            double byRate = loss(engine, 0, RATE).learningRateGradient();
            double slope = slope(engine);

            assertAlike(
                    slope, CentralDifference.of(step -> loss(engine, step, RATE).loss()));
            assertAlike(byRate, CentralDifference.of(step -> loss(engine, 0, RATE + step)
                    .loss()));
        }
    }

    @Test
    @DisplayName("by the last steps of a student, has the gradient of a loss in which the steps before do not change")
    void window() {
        DistillationSettings all =
                settings(Method.BPTT, 1, "none", new UnrolledSettings(6, 1, Integer.MAX_VALUE, RATE, 0));
        double[] slopes = new double[2];
        try (MatchingEngine engine = engine(all)) {
            loss(engine, 0, RATE);
            slopes[0] = slope(engine);
        }
        DistillationSettings whole =
                settings(Method.BPTT, 1, "none", new UnrolledSettings(6, 6, Integer.MAX_VALUE, RATE, 0));
        try (MatchingEngine engine = engine(whole)) {
            loss(engine, 0, RATE);
            slopes[1] = slope(engine);
        }

        assertThat(slopes[0]).isNotZero();
        assertThat(Math.abs(slopes[1] - slopes[0])).isGreaterThan(1e-3 * Math.abs(slopes[0]));
    }

    private JointOutcome loss(MatchingEngine engine, double step, double rate) {
        ImageBatch unused = ImageBatch.of(SHAPE, new float[IPC * SHAPE.size()]);
        FitModel task = new FitModel(NETWORK, List.of(unused, unused, unused), real, rate, 99);
        return engine.joint()
                .match(task, moving.stream().map(images -> images.at(step)).toList());
    }

    /** Slope of the last loss along the direction. */
    private double slope(MatchingEngine engine) {
        ImageBatch unused = ImageBatch.of(SHAPE, new float[IPC * SHAPE.size()]);
        return IntStream.range(0, CLASSES)
                .mapToDouble(label -> moving.get(label)
                        .slope(engine.joint()
                                .gradient(new MatchTask(NETWORK, label, List.of(), unused, 0))
                                .gradient()))
                .sum();
    }

    private Image image() {
        byte[] levels = new byte[SHAPE.size()];
        random.nextBytes(levels);
        return Image.of(SHAPE, levels, 0, levels.length);
    }

    private MatchingEngine engine(DistillationSettings settings) {
        return MatchingEngine.on(kernels, 2, settings, SHAPE, NORMALISATION);
    }

    private static DistillationSettings settings(Method method, int factor, String augmentation, FitSettings fit) {
        DistillationSettings quick = Presets.quick("fashion-mnist", SHAPE, method, IPC, factor, 3);
        return quick.with()
                .network(quick.network().withWidth(4))
                .matching(quick.matching().withAugmentation(augmentation))
                .fit(Optional.of(fit))
                .build();
    }
}
