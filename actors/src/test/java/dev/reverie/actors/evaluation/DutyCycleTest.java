package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.loop.ManualClock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The pace of a learner")
@Timeout(60)
class DutyCycleTest {

    private final ManualClock clock = new ManualClock();

    @Test
    @DisplayName("lets it rest nine times as long as it worked, for a tenth of the time")
    void share() {
        assertThat(DutyCycle.rest(Duration.ofMillis(20), 0.1)).isEqualTo(Duration.ofMillis(180));
        assertThat(DutyCycle.rest(Duration.ofMillis(20), 1)).isZero();
    }

    @Test
    @DisplayName("counts the time at work")
    void work() {
        DutyCycle pace = new DutyCycle(clock, 1);
        clock.advance(Duration.ofSeconds(2));
        pace.step();
        clock.advance(Duration.ofSeconds(3));

        assertThat(pace.worked()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("ends with the step that it is at when it is to stop")
    void stopsAtWork() {
        DutyCycle pace = new DutyCycle(clock, 1);
        pace.step();

        pace.stop();

        assertThatThrownBy(pace::step).isInstanceOf(CancellationException.class);
    }

    @Test
    @DisplayName("ends in the middle of a rest of hours when it is to stop")
    void stopsAtRest() {
        DutyCycle pace = new DutyCycle(clock, 0.001);
        clock.advance(Duration.ofHours(1));
        CompletableFuture<Void> resting = CompletableFuture.runAsync(pace::step);

        pace.stop();

        assertThatThrownBy(resting::join).hasCauseInstanceOf(CancellationException.class);
    }
}
