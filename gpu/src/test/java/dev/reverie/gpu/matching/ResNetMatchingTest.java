package dev.reverie.gpu.matching;

import static dev.reverie.gpu.matching.CentralDifference.assertAlike;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.GuidanceSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Matching with a ResNet, in double precision,")
class ResNetMatchingTest extends AbstractMatchingEngineTest {

    private static final int LABEL = 1;
    private static final int WIDTH = 8;
    private static final int IPC = 2;
    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final NetworkId SECOND = new NetworkId(1, CLASSES);

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
    private final MatchTask task = task(SECOND);
    private final MovingImages moving = MovingImages.random(random, IPC, SHAPE.size());

    private MatchTask task(NetworkId network) {
        return new MatchTask(
                network, LABEL, images(SHAPE, 5), ImageBatch.of(SHAPE, new float[IPC * SHAPE.size()]), DRAW);
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({
        "DANCE, FEATURES, BLENDED",
        "IDM, FEATURES, QUEUED",
        "DM, FEATURES, REDRAWN",
        "DM, CHARACTERISTIC, PERTURBED",
        "DM, INFLUENCE, NONE",
    })
    @DisplayName("has the slope of the distance as its image gradient, on a network that has been trained")
    void hasTheSlope(Method method, MatchingObjective objective, NetworkVariation variation) {
        DistillationSettings settings = byTurns(method, variation);
        try (MatchingEngine engine =
                engine(settings.withComposition(settings.composition().with(objective)))) {
            engine.train(new TrainMatchingNetworkTask(SECOND, List.of(labelled()), DRAW));

            double slope = moving.slope(engine.match(task, moving.origin()).gradient());

            double difference = CentralDifference.of(
                    step -> engine.match(task, moving.at(step)).loss());
            assertAlike(slope, difference);
        }
    }

    private List<LabelledImage> labelled() {
        return IntStream.range(0, 6)
                .mapToObj(i -> new LabelledImage(images(SHAPE, 1).getFirst(), i % CLASSES))
                .toList();
    }

    @Test
    @DisplayName("takes turns with a ConvNet, one outer iteration each")
    void takesTurns() {
        try (MatchingEngine engine = engine(byTurns(Method.DANCE, NetworkVariation.NONE))) {
            // a convolution has three tensors with its normalisation, and the classifier has two
            assertThat(engine.network(new NetworkId(0, CLASSES)).parameters()).hasSize(3 * 3 + 2);
            assertThat(engine.network(SECOND).parameters()).hasSize(3 * 12 + 2);
            assertThat(engine.network(new NetworkId(2, CLASSES)).parameters()).hasSize(3 * 3 + 2);
        }
    }

    @Test
    @DisplayName("continues from restored states of both architectures")
    void restores() {
        DistillationSettings settings = byTurns(Method.IDM, NetworkVariation.QUEUED);
        DistillationSettings pool = settings.withNetwork(settings.network().withPool(2));
        try (MatchingEngine engine = engine(pool);
                MatchingEngine other = engine(pool)) {
            engine.train(new TrainMatchingNetworkTask(new NetworkId(0, CLASSES), List.of(labelled()), DRAW));
            engine.train(new TrainMatchingNetworkTask(SECOND, List.of(labelled()), DRAW));

            List<NetworkState> saved = engine.networks();

            other.restore(saved);

            assertThat(other.networks()).usingRecursiveComparison().isEqualTo(saved);
            engine.restore(saved);
            assertThat(other.match(task, moving.origin()).loss())
                    .isEqualTo(engine.match(task, moving.origin()).loss());
        }
    }

    @Test
    @DisplayName("is guided by an expert of the architecture that its number gives")
    void isGuided() {
        DistillationSettings settings = byTurns(Method.DANCE, NetworkVariation.NONE);
        DistillationSettings guided = settings.with()
                .method(Method.TGDD)
                .composition(Method.TGDD.composition())
                .guidance(Optional.of(GuidanceSettingsBuilder.builder()
                        .epochs(2)
                        .epochSamples(8)
                        .ahead(1)
                        .build()))
                .build();
        try (MatchingEngine engine = engine(guided);
                MatchingEngine other = engine(settings)) {
            NetworkState expert = other.network(SECOND);
            other.restore(List.of(expert));

            engine.guide(new GuidanceTask(SECOND, expert.parameters(), expert.parameters()));

            assertThat(engine.match(task, moving.origin()).loss())
                    .isEqualTo(other.match(task, moving.origin()).loss());
        }
    }

    @Test
    @DisplayName("is refused for objectives that compare gradients")
    void gradients() {
        DistillationSettings dream =
                settings(Method.DREAM, WIDTH, IPC, 1, NetworkVariation.NONE, matching(GradientDistance.MSE, "none", 0));

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        dream.withNetwork(dream.network().withArchitectures(List.of(MatchingArchitecture.RESNET_10))))
                .withMessageContaining("a ResNet can only match features");
    }

    private static DistillationSettings byTurns(Method method, NetworkVariation variation) {
        DistillationSettings settings =
                settings(method, WIDTH, IPC, 2, variation, matching(GradientDistance.MSE, "color_crop_cutout", 0));
        return settings.withNetwork(settings.network()
                .withArchitectures(List.of(MatchingArchitecture.CONVNET, MatchingArchitecture.RESNET_10)));
    }

    private MatchingEngine engine(DistillationSettings settings) {
        return MatchingEngine.on(kernels, 2, settings, SHAPE, normalisation(SHAPE.channels()));
    }
}
