package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.FitSettings.RidgeSettings;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The presets of a method that fits a model")
class FitPresetsTest {

    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    @Test
    @DisplayName("give FRePo 1,024 real images of all classes and ten networks, each trained for about a hundred steps")
    void ridge() {
        DistillationSettings ridge = Presets.paper("cifar10", SHAPE, Method.RIDGE, 10, 1, 0);
        ScheduleSettings schedule = ridge.schedule();

        assertThat(ridge.fit()).contains(new RidgeSettings(1e-6));
        assertThat(10 * ridge.representatives().count()).isBetween(1024, 1033);
        assertThat(ridge.network().pool()).isEqualTo(10);
        assertThat(ridge.network().variation()).isEqualTo(NetworkVariation.QUEUED);
        // a network stays in the queue for ten times as many loops, in one of ten of which it is trained
        assertThat(schedule.innerLoops()).isEqualTo(100);
        assertThat(schedule.networkSamples()).isEqualTo(schedule.networkBatch());
        assertThat(schedule.outerIterations() * schedule.innerLoops()).isEqualTo(500_000);
        assertThat(ridge.method().trainsOnMemory()).isTrue();
    }

    @Test
    @DisplayName("give RaT-BPTT windows of 60 of at most 200 steps, and 5,000 real images")
    void bptt() {
        DistillationSettings bptt = Presets.paper("cifar10", SHAPE, Method.BPTT, 10, 1, 0);

        assertThat(bptt.fit()).containsInstanceOf(UnrolledSettings.class);
        UnrolledSettings unrolled = (UnrolledSettings) bptt.fit().orElseThrow();
        assertThat(unrolled.steps()).isEqualTo(200);
        assertThat(unrolled.window()).isEqualTo(60);
        assertThat(bptt.studentRate().orElseThrow().initial()).isEqualTo(unrolled.rate());
        assertThat(bptt.representatives().count()).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource(names = {"RIDGE", "BPTT", "CAFE"})
    @DisplayName("step the images of all classes together, and need the settings of the model")
    void joint(Method method) {
        for (DistillationSettings settings : new DistillationSettings[] {
            Presets.quick("cifar10", SHAPE, method, 10, 1, 0), Presets.paper("cifar10", SHAPE, method, 10, 1, 0)
        }) {
            assertThat(settings.schedule().jointStep()).isTrue();
            assertThat(settings.method().isJoint()).isTrue();
            assertThat(settings.method().learns()).isTrue();
            assertThatThrownBy(() -> settings.withFit(Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fit settings are required");
        }
    }
}
