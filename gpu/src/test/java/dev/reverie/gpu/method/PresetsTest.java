package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PresetsTest {

    private static final long SEED = 7;
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "only learning methods have iterations, and only methods that select by trained features train a network first")
    void fitsTheMethod(Method method) {
        for (DistillationSettings settings : new DistillationSettings[] {
            Presets.paper("fashion-mnist", SHAPE, method, 10, Presets.defaultFactor(method), SEED),
            Presets.quick("fashion-mnist", SHAPE, method, 10, Presets.defaultFactor(method), SEED)
        }) {
            assertThat(settings.method()).isEqualTo(method);
            assertThat(settings.schedule().outerIterations() > 0).isEqualTo(method.learns());
            assertThat(settings.schedule().selectionSamples() > 0).isEqualTo(method.initialisesByTrainedNetwork());
            assertThat(Augmentation.of(settings.matching().augmentation(), SHAPE))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("leave rules that choose by features a choice: more candidates than a set has images of a class")
    void leavesAChoice(Method method) {
        int factor = Presets.defaultFactor(method);
        int needed = 10 * factor * factor;

        assertThat(Presets.quick("fashion-mnist", SHAPE, method, 10, factor, SEED)
                        .representatives()
                        .candidates())
                .isGreaterThan(needed);
        assertThat(Presets.paper("fashion-mnist", SHAPE, method, 10, factor, SEED)
                        .representatives()
                        .candidates())
                .isGreaterThan(needed);
    }

    @ParameterizedTest
    @CsvSource({
        "dream,2",
        "dream-plus,2",
        "idc,2",
        "dance,2",
        "idm,2",
        "tgdd,2",
        "tile,2",
        "dc,1",
        "dsa,1",
        "dm,1",
        "mtt,1",
        "random,1",
        "herding,1",
        "k-center,1",
        "k-means,1"
    })
    @DisplayName("methods that compose images have factor 2 by default")
    void knowsTheFactor(String method, int factor) {
        assertThat(Presets.defaultFactor(
                        Method.valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_'))))
                .isEqualTo(factor);
    }

    @Test
    @DisplayName("quick settings of IDM start from k-means representatives, and have a queue of trained networks")
    void startsIdm() {
        DistillationSettings idm = Presets.quick("fashion-mnist", SHAPE, Method.IDM, 10, 2, SEED);

        assertThat(idm.composition().initialiser()).isEqualTo(Initialiser.K_MEANS);
        assertThat(idm.network().variation()).isEqualTo(NetworkVariation.QUEUED);
        assertThat(idm.network().pool()).isGreaterThan(1);
        assertThat(idm.schedule().networkSamples()).isPositive();
        assertThat(idm.matching().calibration()).isPositive();
    }

    @Test
    @DisplayName("quick settings of DANCE start from k-means representatives, unlike the published ones")
    void startsDance() {
        assertThat(Presets.quick("fashion-mnist", SHAPE, Method.DANCE, 10, 2, SEED)
                        .composition()
                        .initialiser())
                .isEqualTo(Initialiser.K_MEANS);
        assertThat(Method.DANCE.composition().initialiser()).isEqualTo(Initialiser.IN_ORDER);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TGDD", "RIDGE", "BPTT", "CAFE"})
    @DisplayName("quick settings step class by class and clamp once per outer iteration, as services do")
    void isAsInServices(Method method) {
        DistillationSettings quick = Presets.quick("stream", SHAPE, method, 10, Presets.defaultFactor(method), SEED);

        assertThat(quick.schedule().jointStep()).isFalse();
        assertThat(quick.schedule().clampEveryLoop()).isFalse();
        assertThat(quick.schedule().warmUpDecay()).isFalse();
    }

    @ParameterizedTest(name = "side {0}: depth {1}")
    @CsvSource({"4,1", "8,1", "16,2", "28,3", "32,3", "64,4", "128,5"})
    @DisplayName("networks get deeper with the image")
    void deepens(int side, int depth) {
        assertThat(Presets.quick("folder:x", new ImageShape(3, side, side), Method.DREAM, 1, 2, SEED)
                        .network()
                        .depth())
                .isEqualTo(depth);
    }

    @Test
    @DisplayName("for streams are the quick ones, but DM draws its real batches from strata")
    void streams() {
        ImageShape shape = new ImageShape(3, 32, 32);
        DistillationSettings quick = Presets.quick("stream", shape, Method.DM, 10, 1, 0);

        DistillationSettings stream = Presets.stream("stream", shape, Method.DM, 10, 1, 0);

        assertThat(stream)
                .isEqualTo(quick.withComposition(Method.DM.composition().with(SelectionRule.STRATIFIED))
                        .withRepresentatives(stream.representatives()));
        assertThat(stream.representatives().candidates())
                .isGreaterThan(quick.representatives().candidates());
        assertThat(Presets.stream("stream", shape, Method.DREAM, 10, 2, 0))
                .isEqualTo(Presets.quick("stream", shape, Method.DREAM, 10, 2, 0));
    }
}
