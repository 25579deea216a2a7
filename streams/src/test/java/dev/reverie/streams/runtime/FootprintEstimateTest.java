package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.IntakePlan;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.streams.service.Footprint;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The footprint of a service")
class FootprintEstimateTest {

    private static final long HEAP = 1500L << 20;
    private static final Optional<ImageShape> PHOTO = Optional.of(new ImageShape(3, 224, 224));

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("of ten classes of 224x224 pixels is below 4 GB with the default heap and two compute threads")
    void photos() {
        try (Store store = Store.inFolder(folder)) {
            Footprint footprint = estimate(store).of(PHOTO).orElseThrow();

            assertThat(footprint.imageBytes()).isEqualTo(3 * 224 * 224);
            assertThat(footprint.maxClasses()).isEqualTo(11);
            assertThat(footprint.classBytes()).isEqualTo(11L * 10 * 3 * 224 * 224 * 4);
            assertThat(footprint.processBytes()).isBetween(HEAP, 4_000_000_000L);
        }
    }

    @Test
    @DisplayName("is unknown before the first image, unless its size is set")
    void unknownShape() {
        try (Store store = Store.inFolder(folder)) {
            assertThat(estimate(store).of(Optional.empty())).isEmpty();
        }
    }

    @Test
    @DisplayName("has the mean time of the inner loops once there are some, and follows the last ones")
    void loops() {
        try (Store store = Store.inFolder(folder)) {
            FootprintEstimate estimate = estimate(store);
            assertThat(estimate.of(PHOTO).orElseThrow().loopSeconds()).isEmpty();

            estimate.on(loop(1));
            estimate.on(loop(3));
            assertThat(estimate.of(PHOTO).orElseThrow().loopSeconds()).hasValue(2);

            for (int i = 0; i < 200; i++) {
                estimate.on(loop(10));
            }
            assertThat(estimate.of(PHOTO).orElseThrow().loopSeconds().orElseThrow())
                    .isCloseTo(10, within(0.01));
        }
    }

    private static InnerLoopCompleted loop(double seconds) {
        return new InnerLoopCompleted(0, 0, 1, 1, seconds, seconds, seconds);
    }

    private static FootprintEstimate estimate(Store store) {
        IntakePlan plan = new IntakePlan(
                shape -> Presets.quick("stream", shape, Method.DM, 10, 1, 0),
                IntakeLimits.DEFAULT,
                Optional.empty(),
                store,
                store.damage(),
                InstantSource.system(),
                0,
                Optional.empty(),
                HEAP / 2);
        return new FootprintEstimate(plan, HEAP, 2);
    }
}
