package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.loop.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A duty cycle")
@Timeout(60)
class DutyCycleTest {

    private static final long PAUSE_NS = 10_000_000;

    private final ManualClock clock = new ManualClock();

    @Test
    @DisplayName("pauses nine times as long as it works if its share is a tenth")
    void share() {
        assertThat(DutyCycle.pause(Duration.ofMillis(20), 0.1)).isEqualTo(Duration.ofMillis(180));
        assertThat(DutyCycle.pause(Duration.ofMillis(20), 1)).isZero();
    }

    @Test
    @DisplayName(
            "pauses no longer after a step in which the process was stopped for a day than after one of 10 minutes")
    void processStopped() {
        assertThat(DutyCycle.pause(Duration.ofDays(1), 0.1)).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    @DisplayName("counts the time of work")
    void work() {
        DutyCycle dutyCycle = new DutyCycle(clock, 1);
        clock.advance(Duration.ofSeconds(2));
        dutyCycle.step();
        clock.advance(Duration.ofSeconds(3));

        assertThat(dutyCycle.worked()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("does not count its pauses as work")
    void pauses() {
        // given: work of 1 ms, a pause of 499 ms, and again work of 1 ms
        Iterator<Instant> instants =
                LongStream.of(0, 1, 500, 501).mapToObj(Instant::ofEpochMilli).iterator();
        DutyCycle dutyCycle = new DutyCycle(instants::next, 0.5);

        dutyCycle.step();

        assertThat(dutyCycle.worked()).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    @DisplayName("ends after the current step when it is stopped")
    void stopsDuringWork() {
        DutyCycle dutyCycle = new DutyCycle(clock, 1);
        dutyCycle.step();

        dutyCycle.stop();

        assertThatThrownBy(dutyCycle::step).isInstanceOf(CancellationException.class);
    }

    @Test
    @DisplayName("ends at once when it is stopped during a long pause")
    void stopsDuringPause() {
        DutyCycle dutyCycle = new DutyCycle(clock, 0.001);
        clock.advance(Duration.ofHours(1));
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread pausing = Thread.ofPlatform().daemon().start(() -> {
            try {
                dutyCycle.step();
                end.complete(null);
            } catch (CancellationException stopped) {
                end.completeExceptionally(stopped);
            }
        });
        while (pausing.isAlive() && pausing.getState() != Thread.State.TIMED_WAITING) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        dutyCycle.stop();

        assertThat(end)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .isInstanceOf(CancellationException.class);
    }
}
