package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The target of a class step")
class RememberedTargetsTest extends AbstractMatchingEngineTest {

    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final List<Image> NONE = List.of();

    private final RememberedTargets targets = new RememberedTargets();
    private final List<Image> real = images(SHAPE, 24);
    private final ImageBatch stored = ImageBatch.of(SHAPE, values(2 * SHAPE.size()));
    private final ImageBatch moved = ImageBatch.of(SHAPE, values(2 * SHAPE.size()));

    @AutoClose
    private final MatchingEngine engine = engine(targets);

    private static MatchingEngine engine(RememberedTargets targets) {
        return MatchingEngine.on(Device.kernels(), 2, remembering(), SHAPE, normalisation(3), targets);
    }

    private static DistillationSettings remembering() {
        return settings(
                Method.DM,
                8,
                2,
                2,
                NetworkVariation.REDRAWN,
                matching(GradientDistance.MSE, "color_crop_cutout", 0).withTargetUses(8));
    }

    private static MatchTask task(List<Image> real, ImageBatch synthetic, long seed) {
        return new MatchTask(NETWORK, 1, real, synthetic, seed);
    }

    private static void assertSame(MatchOutcome one, MatchOutcome other) {
        assertThat(one.loss()).isEqualTo(other.loss());
        assertThat(one.gradient().toArray()).isEqualTo(other.gradient().toArray());
    }

    @Test
    @DisplayName("is computed by the first step with a seed, and serves later ones without real images")
    void servesLaterSteps() {
        MatchOutcome first = engine.match(task(real, stored, DRAW));

        assertSame(engine.match(task(NONE, stored, DRAW)), first);
        assertThat(engine.match(task(NONE, moved, DRAW)).loss()).isNotEqualTo(first.loss());
    }

    @Test
    @DisplayName("belongs to a seed, which determines the network and the augmentation")
    void belongsToASeed() {
        MatchOutcome first = engine.match(task(real, stored, DRAW));

        MatchOutcome second = engine.match(task(real, stored, DRAW + 1));

        assertThat(second.loss()).isNotEqualTo(first.loss());
        assertSame(engine.match(task(NONE, stored, DRAW)), first);
        assertSame(engine.match(task(NONE, stored, DRAW + 1)), second);
    }

    @Test
    @DisplayName("has the same bits when it is computed again, as after a restart")
    void repeats() {
        engine.match(task(real, stored, DRAW));
        MatchOutcome remembered = engine.match(task(NONE, moved, DRAW));

        try (MatchingEngine restarted = engine(new RememberedTargets())) {
            assertSame(restarted.match(task(real, moved, DRAW)), remembered);
        }
    }

    @Test
    @DisplayName("is shared by the engines of a service")
    void isShared() {
        MatchOutcome first = engine.match(task(real, stored, DRAW));

        try (MatchingEngine other = engine(targets)) {
            assertSame(other.match(task(NONE, stored, DRAW)), first);
        }
    }

    @Test
    @DisplayName("serves one step if its features depend on more than the seed")
    void dependsOnMore() {
        DistillationSettings settings = remembering();

        assertThat(settings.targetUses()).isEqualTo(8);
        assertThat(settings.withNetwork(settings.network().withVariation(NetworkVariation.NONE))
                        .targetUses())
                .as("a network that stays")
                .isOne();
        assertThat(settings.withStyle(new StyleWeights(180, 0)).targetUses())
                .as("style terms, which need the real images")
                .isOne();
        assertThat(settings.withComposition(settings.composition().with(MatchingObjective.GRADIENTS))
                        .targetUses())
                .as("gradients")
                .isOne();
    }
}
