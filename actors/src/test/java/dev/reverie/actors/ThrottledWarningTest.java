package dev.reverie.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A throttled warning")
class ThrottledWarningTest {

    private final ThrottledWarning warning = new ThrottledWarning();

    @Test
    @DisplayName("is due at the first failure, and then ever less often, down to one failure in 120")
    void everLessOften() {
        assertThat(IntStream.rangeClosed(1, 400).filter(_ -> warning.isDue("away")))
                .containsExactly(1, 3, 7, 15, 31, 63, 127, 247, 367);
    }

    @Test
    @DisplayName("is due at each failure of another kind than the last one")
    void otherKind() {
        assertThat(warning.isDue("away")).isTrue();
        assertThat(warning.isDue("away")).isFalse();
        assertThat(warning.isDue("full")).isTrue();
        assertThat(warning.isDue("away")).isTrue();
    }

    @Test
    @DisplayName("is due at the first failure after a success")
    void afterSuccess() {
        warning.isDue("away");

        warning.reset();

        assertThat(warning.isDue("away")).isTrue();
        assertThat(warning.isDue("away")).isFalse();
    }

    @Test
    @DisplayName("is due at a failure that follows a minute without one, however many failures there were before")
    void afterQuietTime() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        IntStream.range(0, 130).forEach(second -> warning.isDue("away", start.plusSeconds(second)));
        Instant last = start.plusSeconds(129);

        assertThat(warning.isDue("away", last.plusSeconds(59))).isFalse();
        assertThat(warning.isDue("away", last.plusSeconds(59 + 60))).isTrue();
        assertThat(warning.isDue("away", last.plusSeconds(59 + 60))).isFalse();
        assertThat(warning.isDue("away", start.minusSeconds(3600))).isTrue();
    }
}
