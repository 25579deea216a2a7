package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The estimated time left")
class EtaTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    @DisplayName("is unknown before the first loop")
    void unknown() {
        assertThat(new Eta(10, 0, Optional.empty()).left(MINUTE)).isEmpty();
    }

    @Test
    @DisplayName("is not mentioned while it is unknown")
    void unmentioned() {
        assertThat(Eta.prefix(Optional.empty())).isEmpty();
        assertThat(Eta.prefix(Optional.of(MINUTE))).isEqualTo("1m 00s left, ");
    }

    @Test
    @DisplayName("is the number of remaining loops times their mean duration")
    void bySchedule() {
        Eta eta = new Eta(10, 0, Optional.empty());
        eta.loop(1);
        eta.loop(3);

        assertThat(eta.secondsPerLoop()).isEqualTo(2);
        assertThat(eta.left(MINUTE)).contains(Duration.ofSeconds(16));
        assertThat(eta.fraction(MINUTE)).isEqualTo(0.2);
    }

    @Test
    @DisplayName("follows the last ten loops when the pace changes")
    void forgets() {
        Eta eta = new Eta(30, 0, Optional.empty());
        for (int i = 0; i < 10; i++) {
            eta.loop(100);
        }
        for (int i = 0; i < 10; i++) {
            eta.loop(1);
        }

        assertThat(eta.left(MINUTE)).contains(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("is the time until the time limit, if that is less")
    void byLimit() {
        Eta eta = new Eta(1000, 0, Optional.of(Duration.ofMinutes(5)));
        assertThat(eta.left(MINUTE)).contains(Duration.ofMinutes(4));
        eta.loop(2);

        assertThat(eta.left(MINUTE)).contains(Duration.ofMinutes(4));
        assertThat(eta.fraction(MINUTE)).isEqualTo(0.2);
        assertThat(eta.left(Duration.ofMinutes(6))).contains(Duration.ZERO);
        assertThat(eta.fraction(Duration.ofMinutes(6))).isEqualTo(1);
    }

    @Test
    @DisplayName("follows the schedule if the time limit is later")
    void limitFar() {
        Eta eta = new Eta(10, 0, Optional.of(Duration.ofHours(1)));
        eta.loop(2);

        assertThat(eta.left(MINUTE)).contains(Duration.ofSeconds(18));
    }

    @Test
    @DisplayName("counts the loops before a resume as done")
    void resumed() {
        Eta eta = new Eta(10, 8, Optional.empty());
        assertThat(eta.fraction(Duration.ZERO)).isEqualTo(0.8);
        eta.loop(5);

        assertThat(eta.left(MINUTE)).contains(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "7400,7s", "59600,1m 00s", "330000,5m 30s", "5400000,1h 30m"})
    @DisplayName("is formatted in hours, minutes or seconds")
    void format(long millis, String text) {
        assertThat(Eta.format(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
