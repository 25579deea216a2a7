package dev.reverie.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The clock of a run")
class TimeLimitClockTest {

    private final ManualClock source = new ManualClock();

    @Test
    @DisplayName("reports that the time limit has passed")
    void knowsItsLimit() {
        TimeLimitClock clock = new TimeLimitClock(source, Optional.of(Duration.ofSeconds(10)));

        source.advance(Duration.ofMillis(9_999));
        boolean before = clock.limitHasPassed();
        source.advance(Duration.ofMillis(1));

        assertThat(before).isFalse();
        assertThat(clock.limitHasPassed()).isTrue();
        assertThat(clock.secondsSinceStart()).isEqualTo(10);
    }

    @Test
    @DisplayName("has no limit if none is set")
    void mayHaveNoLimit() {
        TimeLimitClock clock = new TimeLimitClock(source, Optional.empty());

        source.advance(Duration.ofDays(1000));

        assertThat(clock.limitHasPassed()).isFalse();
    }
}
