package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.CapturedLog;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log of a service")
class ServiceLogTest {

    @AutoClose
    private final CapturedLog lines = new CapturedLog("reverie");

    private final ServiceLog log = new ServiceLog();

    @Test
    @DisplayName("reports the phases of a class")
    void phases() {
        for (ClassPhase phase : ClassPhase.values()) {
            log.on(new TelemetryEvent.ClassPhaseChanged(3, "cat", Optional.of(phase)));
        }
        log.on(new TelemetryEvent.ClassPhaseChanged(3, "cat", Optional.empty()));

        assertThat(lines.take())
                .containsExactly(
                        "INFO class 'cat' (3) is collecting images",
                        "INFO class 'cat' (3) is being distilled",
                        "INFO class 'cat' (3) has converged",
                        "INFO class 'cat' (3) is sealed",
                        "INFO class 'cat' (3) was forgotten");
    }

    @Test
    @DisplayName("says after the first inner loop when the classes have converged at the earliest")
    void convergence() {
        log.on(new TelemetryEvent.InnerLoopCompleted(0, 0, 12, Double.NaN, 5, 5, 5));
        log.on(new TelemetryEvent.ConvergenceExpected(299));
        log.on(new TelemetryEvent.InnerLoopCompleted(0, 1, 12, Double.NaN, 5, 5, 10));
        log.on(new TelemetryEvent.ConvergenceExpected(298));

        assertThat(lines.take())
                .containsExactly("INFO learning: 5.00 s for an inner loop, converged in 24m 55s at the earliest");
    }

    @Test
    @DisplayName("reports a held-out accuracy, with the local date and time of the memory")
    void heldOutAccuracy() {
        Instant taken = LocalDate.of(2026, 1, 2)
                .atTime(3, 4, 5)
                .atZone(ZoneId.systemDefault())
                .toInstant();

        log.on(new TelemetryEvent.MemoryEvaluated(
                taken,
                taken.plusSeconds(60),
                List.of(new TelemetryEvent.MemoryEvaluated.ClassAccuracy(3, "cat", 1000, 0.75)),
                10,
                OptionalDouble.of(5)));

        assertThat(lines.take())
                .containsExactly("INFO held-out accuracy 75.0 %: 1,000 test images of 1 of 10 classes,"
                        + " tested with the memory as of 2026-01-02 03:04:05, 1m 00s ago");
    }

    @Test
    @DisplayName("reports that a single class waits for a second one")
    void waitingForASecondClass() {
        log.on(new TelemetryEvent.WaitingForSecondClass(0, "cat", 40));
        log.on(new TelemetryEvent.WaitingForSecondClass(0, "cat", 1));

        assertThat(lines.take())
                .containsExactly(
                        "INFO class 'cat' has enough images; learning starts when a second class has at least 40 images",
                        "INFO class 'cat' has enough images; learning starts when a second class has at least 1 image");
    }
}
