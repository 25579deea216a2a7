package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reading stands still")
class StallDetectorTest {

    private final StallDetector progress = new StallDetector(2);

    @Test
    @DisplayName("when records wait and nothing happens for as many looks as there is patience")
    void standsStill() {
        assertThat(progress.isStalled(5, 100, 1)).isFalse();
        assertThat(progress.isStalled(5, 100, 1)).isFalse();
        assertThat(progress.isStalled(5, 100, 1)).isTrue();
    }

    @Test
    @DisplayName("not while anything happens, be it that the service defers")
    void signsOfLife() {
        for (int sign = 0; sign < 10; sign++) {
            assertThat(progress.isStalled(5, 100, sign / 2)).isFalse();
        }
    }

    @Test
    @DisplayName("not when no record waits")
    void nothingWaits() {
        for (int look = 0; look < 10; look++) {
            assertThat(progress.isStalled(0, 100, 1)).isFalse();
        }
    }

    @Test
    @DisplayName("only once at marks of transactions, which wait forever, and again when records follow them")
    void marks() {
        for (int look = 0; look < 3; look++) {
            progress.isStalled(1, 100, 1);
        }
        for (int look = 0; look < 10; look++) {
            assertThat(progress.isStalled(1, 100, 1)).isFalse();
        }
        assertThat(progress.isStalled(2, 101, 1)).isFalse();
        assertThat(progress.isStalled(2, 101, 1)).isTrue();
    }
}
