package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The stall detector")
class StallDetectorTest {

    private final StallDetector progress = new StallDetector(2);

    @Test
    @DisplayName("reports a stall if records wait without progress for the configured number of checks")
    void standsStill() {
        assertThat(progress.isStalled(5, 100, 1)).isFalse();
        assertThat(progress.isStalled(5, 100, 1)).isFalse();
        assertThat(progress.isStalled(5, 100, 1)).isTrue();
    }

    @Test
    @DisplayName("reports no stall while there is progress or the service defers")
    void signsOfLife() {
        for (int sign = 0; sign < 10; sign++) {
            assertThat(progress.isStalled(5, 100, sign / 2)).isFalse();
        }
    }

    @Test
    @DisplayName("reports no stall if no record waits")
    void nothingWaits() {
        for (int look = 0; look < 10; look++) {
            assertThat(progress.isStalled(0, 100, 1)).isFalse();
        }
    }

    @Test
    @DisplayName("reports transaction markers, which never leave the lag, once, and again after new records")
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
