package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.intake.IntakeExamples;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            assertThat(footprint.factor()).isEqualTo(1);
            assertThat(footprint.maxClasses()).isEqualTo(30);
            assertThat(footprint.classBytes()).isEqualTo(17L * 10 * 3 * 224 * 224);
            assertThat(footprint.processBytes()).isBetween(HEAP, 4_000_000_000L);
        }
    }

    @ParameterizedTest(name = "{0}, {1}x{1}, factor {2}: {4} MB besides the heap")
    @CsvSource({
        "DM, 28, 2, 50, 388",
        "DM, 64, 2, 50, 771",
        "DM, 32, 2, 50, 402",
        "DREAM, 32, 1, 50, 346",
        "DREAM, 64, 2, 50, 774",
    })
    @DisplayName("of the process is at most a tenth above what was measured with ten classes, and never below")
    void process(Method method, int side, int factor, int images, long measured) {
        try (Store store = Store.inFolder(folder)) {
            long bytes = estimate(store, shape -> Presets.stream("stream", shape, method, images, factor, 0))
                    .of(Optional.of(new ImageShape(3, side, side)))
                    .orElseThrow()
                    .processBytes();

            long most = HEAP + 1_000_000 * measured;
            assertThat(bytes).isBetween(most, most + most / 10);
        }
    }

    @Test
    @DisplayName("has the factor that a service chooses: 2 for colour images of up to 64x64 pixels, 1 for larger ones")
    void factor() {
        try (Store store = Store.inFolder(folder)) {
            FootprintEstimate estimate = estimate(store, shape -> ofService(shape, 10));

            Footprint small =
                    estimate.of(Optional.of(new ImageShape(3, 64, 64))).orElseThrow();
            Footprint large =
                    estimate.of(Optional.of(new ImageShape(3, 65, 65))).orElseThrow();

            assertThat(small.factor()).isEqualTo(2);
            assertThat(small.classBytes()).isEqualTo(20L * 10 * 3 * 64 * 64);
            assertThat(small.maxClasses()).isEqualTo(320);
            assertThat(large.factor()).isEqualTo(1);
            assertThat(large.classBytes()).isEqualTo(17L * 10 * 3 * 65 * 65);
            assertThat(large.maxClasses()).isEqualTo(364);
        }
    }

    @Test
    @DisplayName("counts no more decoded images than a class step uses")
    void decodedImages() {
        try (Store store = Store.inFolder(folder)) {
            // 252, 256, 260 and 400 decoded images per class, of which a step uses at most 256
            assertThat(processBytes(store, 64))
                    .isGreaterThan(processBytes(store, 63))
                    .isEqualTo(processBytes(store, 65))
                    .isEqualTo(processBytes(store, 100));
        }
    }

    private static DistillationSettings quick(ImageShape shape) {
        return Presets.quick("stream", shape, Method.DM, 10, 1, 0);
    }

    private static long processBytes(Store store, int ipc) {
        return estimate(store, shape -> ofService(shape, ipc))
                .of(Optional.of(new ImageShape(3, 64, 64)))
                .orElseThrow()
                .processBytes();
    }

    @Test
    @DisplayName("is unknown before the first image, unless its size is set")
    void unknownShape() {
        try (Store store = Store.inFolder(folder)) {
            FootprintEstimate resized =
                    estimate(store, FootprintEstimateTest::quick, Optional.of(new TargetSize(64, 48)));

            assertThat(estimate(store).of(Optional.empty())).isEmpty();
            assertThat(resized.of(Optional.empty()).map(Footprint::imageBytes)).hasValue(3 * 64 * 48);
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

    @Test
    @DisplayName("does not count the time of inner loops that matched no class")
    void loopsWithoutClasses() {
        try (Store store = Store.inFolder(folder)) {
            FootprintEstimate estimate = estimate(store);

            estimate.on(loop(3));
            estimate.on(loop(Double.NaN, 0.001));

            assertThat(estimate.of(PHOTO).orElseThrow().loopSeconds()).hasValue(3);
        }
    }

    @Test
    @DisplayName("expects the convergence by the pace of the loops, and anew when a class changes its phase")
    void convergence() {
        try (Store store = Store.inFolder(folder)) {
            FootprintEstimate estimate = estimate(store);

            estimate.on(new TelemetryEvent.ConvergenceExpected(300));
            assertThat(estimate.of(PHOTO).orElseThrow().convergenceSeconds()).isEmpty();
            estimate.on(loop(2));
            assertThat(estimate.of(PHOTO).orElseThrow().convergenceSeconds()).hasValue(600);
            estimate.on(new TelemetryEvent.ClassPhaseChanged(0, "cat", Optional.empty()));
            assertThat(estimate.of(PHOTO).orElseThrow().convergenceSeconds()).isEmpty();
        }
    }

    private static InnerLoopCompleted loop(double seconds) {
        return loop(1, seconds);
    }

    private static InnerLoopCompleted loop(double matchingLoss, double seconds) {
        return new InnerLoopCompleted(0, 0, matchingLoss, 1, seconds, seconds, seconds);
    }

    private static DistillationSettings ofService(ImageShape shape, int ipc) {
        return Presets.stream("stream", shape, Method.DM, ipc, FactorRule.FEW_BYTES.factor(Method.DM, shape), 0);
    }

    private static FootprintEstimate estimate(Store store) {
        return estimate(store, FootprintEstimateTest::quick);
    }

    private static FootprintEstimate estimate(Store store, Function<ImageShape, DistillationSettings> settings) {
        return estimate(store, settings, Optional.empty());
    }

    private static FootprintEstimate estimate(
            Store store, Function<ImageShape, DistillationSettings> settings, Optional<TargetSize> size) {
        IntakeSettings plan = IntakeExamples.on(store)
                .withDistillation(settings)
                .withSize(size)
                .withLearnedBytes(HEAP / 2);
        return new FootprintEstimate(plan, HEAP, 2, (_, _) -> 1);
    }
}
