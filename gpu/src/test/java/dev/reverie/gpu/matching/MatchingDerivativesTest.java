package dev.reverie.gpu.matching;

import static dev.reverie.gpu.matching.CentralDifference.assertAlike;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.DecodingMode;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The image gradient of a ConvNet-3, in double precision,")
class MatchingDerivativesTest extends AbstractMatchingEngineTest {

    private static final int LABEL = 1;
    private static final int WIDTH = 4;

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @ParameterizedTest(name = "{0}, {1}x{2}x{2}, ipc {3}, factor {4}, {5}")
    @CsvSource({
        "MSE, 1, 12, 3, 2, none",
        "L1, 1, 12, 2, 2, color_crop",
        "COS, 1, 12, 2, 2, color_crop_cutout",
        "MSE, 3, 16, 2, 2, color_crop_cutout",
        "COS, 3, 16, 2, 1, flip_scale",
        "L1, 2, 9, 2, 2, rotate",
        "L1_MEAN, 1, 12, 2, 2, color_crop",
    })
    @DisplayName("is the slope of the distance of gradients")
    void ofGradients(GradientDistance distance, int channels, int size, int ipc, int factor, String augmentation) {
        assertSlope(
                settings(Method.DREAM, WIDTH, ipc, factor, NetworkVariation.NONE, matching(distance, augmentation, 0)),
                new ImageShape(channels, size, size));
    }

    @ParameterizedTest(name = "{0}, {1}, factor {2}, {3}")
    @CsvSource({
        "DANCE, MSE, 2, color_crop_cutout",
        "DANCE, COS, 1, color|crop|cutout|flip|scale|rotate",
        "IDM, MSE, 2, color|crop|cutout|flip|scale|rotate",
        "DREAM_PLUS, MSE, 2, color_crop_cutout",
        "DREAM_PLUS, L1, 1, none",
        "DREAM_PLUS, COS, 2, flip_scale",
        "DSA, COS, 1, color|crop|cutout|flip|scale|rotate",
        "DC, MSE, 2, none",
    })
    @DisplayName("is the slope of the distance of features and of all gradients, on a network between two others")
    void ofOtherObjectives(Method method, GradientDistance distance, int factor, String augmentation) {
        assertSlope(
                settings(method, WIDTH, 2, factor, NetworkVariation.BLENDED, matching(distance, augmentation, 0)),
                new ImageShape(1, 12, 12));
    }

    @ParameterizedTest(name = "{0}, factor {1}, {2}")
    @CsvSource({
        "CHARACTERISTIC, 1, none",
        "CHARACTERISTIC, 2, color_crop_cutout",
        "INFLUENCE, 1, none",
        "INFLUENCE, 2, color_crop_cutout"
    })
    @DisplayName("is the slope of the distance of characteristic functions and of influence messages")
    void ofOtherStatistics(MatchingObjective objective, int factor, String augmentation) {
        DistillationSettings dm = settings(
                Method.DM, WIDTH, 2, factor, NetworkVariation.BLENDED, matching(GradientDistance.MSE, augmentation, 0));

        assertSlope(dm.withComposition(dm.composition().with(objective)), new ImageShape(1, 12, 12));
    }

    @ParameterizedTest(name = "moments {0}, correlations {1}, {2} channels, factor {3}, {4}, {5}")
    @CsvSource({
        "180, 10000, 3, 1, color_crop_cutout, FEATURES",
        "180, 0, 1, 2, none, FEATURES",
        "0, 10000, 1, 1, color_crop_cutout, FEATURES",
        "3, 20, 2, 2, flip_scale, CHARACTERISTIC",
        "3, 20, 1, 2, none, INFLUENCE",
    })
    @DisplayName("is the slope of the distance of features with style terms")
    void ofStyle(
            double moments,
            double correlations,
            int channels,
            int factor,
            String augmentation,
            MatchingObjective objective) {
        DistillationSettings dm = settings(
                Method.DM, WIDTH, 2, factor, NetworkVariation.REDRAWN, matching(GradientDistance.MSE, augmentation, 0));

        assertSlope(
                dm.withStyle(new StyleWeights(moments, correlations))
                        .withComposition(dm.composition().with(objective)),
                new ImageShape(channels, 12, 12));
    }

    @ParameterizedTest
    @CsvSource({"MULTI, 128", "MULTI, 7", "BOUND, 8", "BOUND, 128"})
    @DisplayName("is the slope for every decoding of the stored images")
    void ofDecodings(DecodingMode decoding, int maxDecoded) {
        MatchingSettings matching = MatchingSettingsBuilder.builder()
                .distance(GradientDistance.MSE)
                .learningRate(0.1)
                .momentum(0.5)
                .augmentation("color_crop")
                .maxDecoded(maxDecoded)
                .decoding(decoding)
                .build();

        assertSlope(settings(Method.DREAM, WIDTH, 3, 2, NetworkVariation.NONE, matching), new ImageShape(1, 12, 12));
    }

    @Test
    @DisplayName("includes the slope of the weighted cross-entropy when calibration is on")
    void ofCalibration() {
        ImageShape shape = new ImageShape(1, 12, 12);
        double weight = 2.5;
        MovingImages moving = MovingImages.random(random, 2, shape.size());
        MatchTask task = task(shape, 2);
        try (MatchingEngine with = engine(calibrated(weight), shape);
                MatchingEngine without = engine(calibrated(0), shape)) {
            double slope = moving.slope(with.match(task, moving.origin()).gradient())
                    - moving.slope(without.match(task, moving.origin()).gradient());

            double difference = CentralDifference.of(step -> crossEntropy(shape, moving.at(step)));
            assertAlike(slope, weight * difference);
        }
    }

    @Test
    @DisplayName("includes the slope of the cross-entropy, weighted by the accuracy of a network of a queue")
    void ofQueuedCalibration() {
        ImageShape shape = new ImageShape(1, 12, 12);
        double weight = 2.5;
        double accuracy = 0.375;
        MovingImages moving = MovingImages.random(random, 2, shape.size());
        MatchTask task = task(shape, 2);
        try (MatchingEngine with = engine(queued(weight), shape);
                MatchingEngine without = engine(queued(0), shape)) {
            NetworkState fresh = with.network(NETWORK);
            double untrained = moving.slope(with.match(task, moving.origin()).gradient());

            with.restore(List.of(new NetworkState(NETWORK, fresh.parameters(), fresh.velocities(), accuracy)));
            double slope = moving.slope(with.match(task, moving.origin()).gradient());

            double matching = moving.slope(without.match(task, moving.origin()).gradient());
            assertThat(untrained).isEqualTo(matching);
            double difference = CentralDifference.of(step -> crossEntropy(shape, moving.at(step)));
            assertAlike(slope - matching, weight * accuracy * difference);
        }
    }

    private static DistillationSettings queued(double weight) {
        return settings(
                Method.IDM, WIDTH, 2, 2, NetworkVariation.QUEUED, matching(GradientDistance.MSE, "none", weight));
    }

    private void assertSlope(DistillationSettings settings, ImageShape shape) {
        MovingImages moving = MovingImages.random(random, settings.ipc(), shape.size());
        MatchTask task = task(shape, settings.ipc());
        try (MatchingEngine engine = engine(settings, shape)) {
            engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(labelled(shape)), DRAW));

            double slope = moving.slope(engine.match(task, moving.origin()).gradient());

            double difference = CentralDifference.of(
                    step -> engine.match(task, moving.at(step)).loss());
            assertAlike(slope, difference);
        }
    }

    private MatchingEngine engine(DistillationSettings settings, ImageShape shape) {
        return MatchingEngine.on(kernels, 2, settings, shape, normalisation(shape.channels()));
    }

    private static DistillationSettings calibrated(double weight) {
        return settings(
                Method.DANCE, WIDTH, 2, 2, NetworkVariation.NONE, matching(GradientDistance.MSE, "none", weight));
    }

    /** Mean cross-entropy of the decoded images under the first network, computed step by step. */
    private double crossEntropy(ImageShape shape, double[][] stored) {
        MultiFormation formation = MultiFormation.of(2, shape);
        int decoded = stored.length * formation.cells();
        IntFunction<double[]> images = i -> Arrays.stream(formation.decode(
                        stored[formation.storedOf(i, stored.length)], formation.cellOf(i, stored.length)))
                .map(value -> (value - MEAN) / DEVIATION)
                .toArray();
        TrainingTargets targets = TrainingTargets.of(Collections.nCopies(decoded, new double[] {0, 1, 0}));
        try (ThreadWorkspace scratch = new ThreadWorkspace(kernels);
                ConvNet network = ConvNet.fresh(
                        new ConvNetArchitecture(shape, CLASSES, WIDTH, 3),
                        kernels,
                        Seeds.generator(Seeds.of(SEED, Seeds.Purpose.NETWORK, NETWORK.outer())))) {
            return targets.loss(network.logits(new MicroBatch(0, decoded).load(shape, images, scratch), scratch))
                    / decoded;
        }
    }

    private MatchTask task(ImageShape shape, int ipc) {
        List<Image> real = IntStream.range(0, 4).mapToObj(i -> image(shape)).toList();
        return new MatchTask(NETWORK, LABEL, real, ImageBatch.of(shape, new float[ipc * shape.size()]), DRAW);
    }

    private List<LabelledImage> labelled(ImageShape shape) {
        return IntStream.range(0, 2 * CLASSES)
                .mapToObj(i -> new LabelledImage(image(shape), i % CLASSES))
                .toList();
    }

    private Image image(ImageShape shape) {
        byte[] pixels = new byte[shape.size()];
        random.nextBytes(pixels);
        return Image.of(shape, pixels);
    }
}
