package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plan of an intake")
class IntakeSettingsTest {

    private static final long HALF_A_GIGABYTE = 500_000_000;
    private static final ImageShape SMALL = new ImageShape(3, 64, 64);
    private static final ImageShape LARGE = new ImageShape(3, 65, 65);

    @Test
    @DisplayName("allows as many classes as fit in its memory, and none if the images are too large")
    void roomForClasses() {
        IntakeSettings plan = plan(IntakeSettingsTest::ofDream, HALF_A_GIGABYTE);

        assertThat(plan.maxClasses(new ImageShape(1, 28, 28))).isBetween(2000, 5000);
        assertThat(plan.maxClasses(new ImageShape(3, 224, 224))).isBetween(10, 20);
        assertThat(plan.maxClasses(new ImageShape(3, 2048, 2048))).isZero();
    }

    @Test
    @DisplayName("never allows more classes than the limit")
    void allowed() {
        assertThat(plan(IntakeSettingsTest::ofDream, Long.MAX_VALUE).maxClasses(new ImageShape(1, 28, 28)))
                .isEqualTo(IntakeLimits.DEFAULT.classes());
    }

    @Test
    @DisplayName("counts the four decoded images of a small colour image, and the one of a larger image")
    void decodedImages() {
        IntakeSettings plan = plan(IntakeSettingsTest::ofService, HALF_A_GIGABYTE);

        assertThat(plan.memoryCost().bytes(SMALL)).isEqualTo(20L * 10 * SMALL.size());
        assertThat(plan.memoryCost().bytes(LARGE)).isEqualTo(17L * 10 * LARGE.size());
        assertThat(plan.maxClasses(SMALL)).isEqualTo(203);
        assertThat(plan.maxClasses(LARGE)).isEqualTo(232);
        assertThat(plan.isLimitedByHeap(LARGE)).isTrue();
    }

    @Test
    @DisplayName("never allows more classes than fit into a file in bytes, however large the heap is")
    void longestFile() {
        IntakeSettings plan = plan(IntakeSettingsTest::ofService, Long.MAX_VALUE);

        assertThat(plan.maxClasses(SMALL)).isEqualTo(Integer.MAX_VALUE / 62_095 / 10);
        assertThat(plan.maxClasses(LARGE)).isEqualTo(Integer.MAX_VALUE / 25_620 / 10);
        assertThat(plan.isLimitedByHeap(SMALL)).isFalse();
    }

    private static IntakeSettings plan(Function<ImageShape, DistillationSettings> settings, long learnedBytes) {
        return IntakeExamples.on(new NoRetention(), StoreDamage.NONE)
                .withDistillation(settings)
                .withLearnedBytes(learnedBytes);
    }

    private static DistillationSettings ofService(ImageShape shape) {
        return Presets.stream("stream", shape, Method.DM, 10, FactorRule.FEW_BYTES.factor(Method.DM, shape), 0);
    }

    private static DistillationSettings ofDream(ImageShape shape) {
        return Presets.quick("folder", shape, Method.DREAM, 10, 2, 0);
    }
}
