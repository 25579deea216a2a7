package dev.reverie.gpu.matching;

import static dev.reverie.gpu.matching.CentralDifference.assertAlike;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.augment.NormaliseTransform;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.GuidanceSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective.MatchingGradient;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A class step that an expert guides, in double precision,")
class GuidedMatchingTest extends AbstractMatchingEngineTest {

    private static final int LABEL = 1;
    private static final int WIDTH = 4;
    private static final int IPC = 2;
    private static final double WEIGHT = 2.5;
    private static final ImageShape SHAPE = new ImageShape(1, 12, 12);

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
    private final MatchTask task =
            new MatchTask(NETWORK, LABEL, images(SHAPE, 5), ImageBatch.of(SHAPE, new float[IPC * SHAPE.size()]), DRAW);
    private final MovingImages moving = MovingImages.random(random, IPC, SHAPE.size());

    @ParameterizedTest(name = "at most {0} images, factor {1}, {2}")
    @CsvSource({
        "128, 1, none",
        "128, 2, color_crop_cutout",
        "5, 2, flip_scale",
        "128, 1, color|crop|cutout|flip|scale|rotate",
    })
    @DisplayName("has the slope of the distance at one stage plus the cross-entropy of the same views at the other")
    void hasTheSlope(int most, int factor, String augmentation) {
        DistillationSettings settings = guided(factor, augmentation, WEIGHT, most);
        try (ConvNet matched = stage(1);
                ConvNet later = stage(2);
                MatchingEngine engine = engine(settings)) {
            engine.guide(guidance(matched, later));

            double slope = moving.slope(engine.match(task, moving.origin()).gradient());

            double difference = CentralDifference.of(step -> loss(engine, settings, later, moving.at(step)));
            assertAlike(slope, difference);
        }
    }

    @Test
    @DisplayName("matches the features of the expert at the earlier stage")
    void matchesTheEarlierStage() {
        DistillationSettings unguided = settings(
                Method.DANCE,
                WIDTH,
                IPC,
                2,
                NetworkVariation.NONE,
                matching(GradientDistance.MSE, "color_crop_cutout", 0));
        try (ConvNet matched = stage(1);
                ConvNet later = stage(2);
                MatchingEngine other = engine(unguided);
                MatchingEngine engine = engine(guided(2, "color_crop_cutout", 0, 128))) {
            engine.guide(guidance(matched, later));
            other.restore(List.of(state(matched)));

            MatchingGradient guided = engine.match(task, moving.origin());

            MatchingGradient expected = other.match(task, moving.origin());
            assertThat(guided.loss()).isEqualTo(expected.loss());
            assertThat(guided.gradient())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(expected.gradient());
        }
    }

    @Test
    @DisplayName("chooses representatives by the features of the expert at the earlier stage")
    void selectsByTheEarlierStage() {
        List<Image> candidates = images(SHAPE, 40);
        SelectTask selection = new SelectTask(NETWORK, SelectionRule.K_MEANS, candidates, 5, DRAW);
        DistillationSettings settings = guided(1, "none", WEIGHT, 128);
        try (ConvNet matched = stage(1);
                ConvNet later = stage(2);
                MatchingEngine engine = engine(settings);
                MatchingEngine other = engine(settings)) {
            engine.guide(guidance(matched, later));
            other.restore(List.of(state(matched)));

            assertThat(engine.select(selection)).isEqualTo(other.select(selection));
        }
    }

    @Test
    @DisplayName("fails on an engine that has no expert yet")
    void needsAnExpert() {
        try (MatchingEngine engine = engine(guided(1, "none", WEIGHT, 128))) {
            assertThatThrownBy(() -> engine.match(task))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no expert that guides it; set one before matching");
        }
    }

    private static DistillationSettings guided(int factor, String augmentation, double calibration, int most) {
        return settings(
                        Method.DANCE,
                        WIDTH,
                        IPC,
                        factor,
                        NetworkVariation.NONE,
                        matching(GradientDistance.MSE, augmentation, calibration)
                                .withMaxDecoded(most))
                .with()
                .method(Method.TGDD)
                .composition(Method.TGDD.composition())
                .guidance(Optional.of(GuidanceSettingsBuilder.builder()
                        .epochs(2)
                        .epochSamples(8)
                        .ahead(1)
                        .build()))
                .build();
    }

    private MatchingEngine engine(DistillationSettings settings) {
        return MatchingEngine.on(kernels, 2, settings, SHAPE, normalisation(1));
    }

    /** A network whose parameters have the precision with which experts are stored. */
    private ConvNet stage(long seed) {
        ConvNet network =
                ConvNet.fresh(new ConvNetArchitecture(SHAPE, CLASSES, WIDTH, 3), kernels, Seeds.generator(seed));
        network.parameters().tensors().forEach(tensor -> tensor.setFloats(tensor.toFloats()));
        network.parametersChanged();
        return network;
    }

    private static GuidanceTask guidance(ConvNet matched, ConvNet later) {
        return new GuidanceTask(NETWORK, floats(matched), floats(later));
    }

    private static NetworkState state(ConvNet network) {
        return new NetworkState(
                NETWORK,
                floats(network),
                network.velocities().tensors().stream().map(Tensor::toFloats).toList());
    }

    private static List<float[]> floats(ConvNet network) {
        return network.parameters().tensors().stream().map(Tensor::toFloats).toList();
    }

    /** The distance, as the engine reports it, plus the weighted cross-entropy, computed apart from the engine. */
    private double loss(MatchingEngine engine, DistillationSettings settings, ConvNet later, double[][] images) {
        return engine.match(task, images).loss() + WEIGHT * crossEntropy(settings, later, images);
    }

    private double crossEntropy(DistillationSettings settings, ConvNet later, double[][] images) {
        RandomGenerator draws = Seeds.generator(task.seed());
        AffineImageTransform view = NormaliseTransform.of(normalisation(1), SHAPE)
                .then(Augmentation.of(settings.matching().augmentation(), SHAPE).draw(draws));
        try (ComputeThreads threads = new ComputeThreads(kernels, 1);
                ThreadWorkspace scratch = new ThreadWorkspace(kernels)) {
            SyntheticViews seen = new SyntheticViews(
                    images, DistillationContext.of(settings, SHAPE, normalisation(1), threads), view, draws);
            IntFunction<double[]> views = seen::image;
            double[][] targets = OneHotLabels.repeated(LABEL, CLASSES, seen.size());
            double[][] logits = later.logits(new MicroBatch(0, seen.size()).load(SHAPE, views, scratch), scratch);
            return TrainingTargets.of(List.of(targets)).loss(logits) / seen.size();
        }
    }
}
