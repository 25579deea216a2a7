package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The times of the loops of a benchmark")
class LoopTimeRecorderTest {

    @Test
    @DisplayName("are void if a class step failed or the worker restarted")
    void failures() {
        assertThatCode(recorder()::requireNoFailures).doesNotThrowAnyException();

        List<TelemetryEvent> failures =
                List.of(new ClassSkipped(3, 0, 0, "too large"), new WorkerRestarted("too large"));
        for (TelemetryEvent failure : failures) {
            LoopTimer.Recorder times = recorder();
            times.on(failure);

            assertThatThrownBy(times::requireNoFailures)
                    .isInstanceOf(DistillationException.class)
                    .hasMessage("the times are void, because a class step failed or the worker restarted (too large):"
                            + " choose a smaller --shape, or run again");
        }
    }

    private static LoopTimer.Recorder recorder() {
        return new LoopTimer.Recorder(1, _ -> {}, () -> {});
    }
}
