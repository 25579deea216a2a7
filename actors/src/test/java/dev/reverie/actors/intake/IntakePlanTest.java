package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plan of an intake")
class IntakePlanTest {

    private static final long HALF_A_GIGABYTE = 500_000_000;

    @Test
    @DisplayName("allows as many classes as fit in its memory, and none if the images are too large")
    void roomForClasses() {
        IntakePlan plan = plan(HALF_A_GIGABYTE);

        assertThat(plan.maxClasses(new ImageShape(1, 28, 28))).isBetween(500, 2000);
        assertThat(plan.maxClasses(new ImageShape(3, 224, 224))).isBetween(2, 10);
        assertThat(plan.maxClasses(new ImageShape(3, 2048, 2048))).isZero();
    }

    @Test
    @DisplayName("never allows more classes than the limit")
    void allowed() {
        assertThat(plan(Long.MAX_VALUE).maxClasses(new ImageShape(1, 28, 28)))
                .isEqualTo(IntakeLimits.DEFAULT.classes());
    }

    private static IntakePlan plan(long learnedBytes) {
        return new IntakePlan(
                IntakePlanTest::settings,
                IntakeLimits.DEFAULT,
                Optional.empty(),
                new NoRetention(),
                StoreDamage.NONE,
                InstantSource.system(),
                0,
                Optional.empty(),
                learnedBytes);
    }

    private static DistillationSettings settings(ImageShape shape) {
        return Presets.quick("folder", shape, Method.DREAM, 10, 2, 0);
    }
}
