package dev.reverie.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pausable clock")
class PausableClockTest {

    private final ManualClock source = new ManualClock();
    private final PausableClock clock = new PausableClock(source);

    @Test
    @DisplayName("shows the time of its source until it is paused, and then the same time until it is resumed")
    void standsStill() {
        source.advance(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(5));

        clock.pause();
        source.advance(Duration.ofSeconds(60));

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(5));
    }

    @Test
    @DisplayName("goes on where it was paused, however often, and reports the length of each pause")
    void goesOn() {
        clock.pause();
        source.advance(Duration.ofSeconds(60));
        assertThat(clock.resume()).isEqualTo(60);
        source.advance(Duration.ofSeconds(2));
        clock.pause();
        source.advance(Duration.ofSeconds(7));
        assertThat(clock.resume()).isEqualTo(7);
        source.advance(Duration.ofSeconds(1));

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(3));
    }
}
