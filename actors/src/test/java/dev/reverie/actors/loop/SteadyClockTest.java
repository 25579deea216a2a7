package dev.reverie.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A steady clock")
class SteadyClockTest {

    private final ManualClock clock = new ManualClock();
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

    @Test
    @DisplayName("begins at the time of the clock of the machine, and counts")
    void counts() {
        clock.advance(Duration.ofDays(365));
        Instant begin = clock.instant();
        SteadyClock steady = new SteadyClock(clock, nanos::get);
        assertThat(steady.instant()).isEqualTo(begin);

        nanos.addAndGet(7_000_000_001L);

        assertThat(steady.instant()).isEqualTo(begin.plusSeconds(7).plusNanos(1));
    }

    @Test
    @DisplayName("does not move when the clock of the machine is set")
    void isNotSet() {
        SteadyClock steady = new SteadyClock(clock, nanos::get);
        Instant begin = steady.instant();

        clock.advance(Duration.ofDays(10_000));
        assertThat(steady.instant()).isEqualTo(begin);
        clock.advance(Duration.ofDays(-20_000));
        assertThat(steady.instant()).isEqualTo(begin);
    }
}
