package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Measured times")
class MeasurementsTest {

    @Test
    @DisplayName("have the middle one, or the mean of the middle two, as the median")
    void median() {
        assertThat(BenchReport.Times.of(3, 1, 2)).isEqualTo(new BenchReport.Times(1, 2, 3));
        assertThat(BenchReport.Times.of(4, 1, 2, 3)).isEqualTo(new BenchReport.Times(1, 2.5, 4));
        assertThat(ServiceLoad.Latencies.of(List.of(4.0, 1.0, 3.0, 2.0)))
                .isEqualTo(new ServiceLoad.Latencies(4, 2.5, 4, 4));
    }

    static Stream<TelemetryEvent> failures() {
        return Stream.of(new ClassSkipped(3, 0, 0, "too large"), new WorkerRestarted("too large"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    @DisplayName("of loops are void if a class step failed or the worker restarted")
    void failed(TelemetryEvent failure) {
        LoopTimer.Recorder times = new LoopTimer.Recorder(1, _ -> {}, () -> {});
        assertThatCode(times::requireNoFailures).doesNotThrowAnyException();
        times.on(failure);
        assertThatThrownBy(times::requireNoFailures)
                .isInstanceOf(DistillationException.class)
                .hasMessage("the times are void, because a class step failed or the worker restarted (too large):"
                        + " choose a smaller --shape, or run again");
    }

    @Test
    @DisplayName("of clustering are for no more images than the class has")
    void available() {
        EngineWorkload published =
                new EngineWorkload.Cluster(new ImageShape(1, 28, 28), 16, 10_000, 6, BenchImages.FASHION_MNIST);
        assertThat(published.title()).startsWith("choosing 6 of 6000 images (fashion-mnist)");
    }
}
