package dev.reverie.actors.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The interval between two refreshes of representatives")
class RefreshIntervalTest {

    private static RefreshInterval of(int loops, long seconds, double arrivals, double share) {
        return new RefreshInterval(Optional.of(loops), Duration.ofSeconds(seconds), arrivals, Optional.of(share));
    }

    @Test
    @DisplayName("has no pause if refreshes may take all of the time")
    void wholeTime() {
        assertThat(of(1, 60, 0.5, 1).pauseAfter(Duration.ofSeconds(5))).isZero();
    }

    @Test
    @DisplayName("has a pause of nine times as long as a refresh took if the networks are not trained")
    void tenthOfTheTime() {
        RefreshInterval untrained = new RefreshInterval(Optional.of(10), Duration.ofSeconds(60), 0.5, Optional.empty())
                .forUntrainedNetworks();

        assertThat(untrained.loops()).isEmpty();
        assertThat(untrained.pauseAfter(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    @DisplayName("has the pause after ten minutes if the process was stopped for hours during a refresh")
    void processStopped() {
        assertThat(of(10, 60, 0.5, 0.1).pauseAfter(Duration.ofHours(10))).isEqualTo(Duration.ofMinutes(90));
    }

    @ParameterizedTest(name = "{0} loops, {1} s, {2} arrivals, share {3}")
    @CsvSource({
        "0, 60, 0.5, 1",
        "1, 0, 0.5, 1",
        "1, -1, 0.5, 1",
        "1, 60, 0, 1",
        "1, 60, NaN, 1",
        "1, 60, 0.5, 0",
        "1, 60, 0.5, 1.01",
        "1, 60, 0.5, NaN"
    })
    @DisplayName("is refused if it could not be kept")
    void limits(int loops, long seconds, double arrivals, double share) {
        assertThatThrownBy(() -> of(loops, seconds, arrivals, share))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a refresh interval needs at least 1 loop, a positive period");
    }
}
