package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The stall detector")
class StallDetectorTest {

    private final StallDetector detector = new StallDetector(2);

    @Test
    @DisplayName("reports a stall if records wait without progress for the configured number of checks")
    void stalls() {
        assertThat(detector.isStalled(5, 100, 1)).isFalse();
        assertThat(detector.isStalled(5, 100, 1)).isFalse();
        assertThat(detector.isStalled(5, 100, 1)).isTrue();
    }

    @Test
    @DisplayName("reports no stall while there is progress")
    void progresses() {
        for (int check = 0; check < 10; check++) {
            assertThat(detector.isStalled(5, 100, check / 2)).isFalse();
        }
    }

    @Test
    @DisplayName("reports no stall if no record waits")
    void nothingWaits() {
        for (int check = 0; check < 10; check++) {
            assertThat(detector.isStalled(0, 100, 1)).isFalse();
        }
    }

    @Test
    @DisplayName("counts anew after a check at which no record waited")
    void countsAnew() {
        detector.isStalled(5, 100, 1);
        detector.isStalled(5, 100, 1);
        detector.isStalled(0, 100, 1);

        assertThat(detector.isStalled(5, 100, 1)).isFalse();
        assertThat(detector.isStalled(5, 100, 1)).isTrue();
    }

    @Test
    @DisplayName("reports transaction markers, which never leave the lag, once, and again after new records")
    void transactionMarkers() {
        for (int check = 0; check < 3; check++) {
            detector.isStalled(1, 100, 1);
        }
        for (int check = 0; check < 10; check++) {
            assertThat(detector.isStalled(1, 100, 1)).isFalse();
        }
        assertThat(detector.isStalled(2, 101, 1)).isFalse();
        assertThat(detector.isStalled(2, 101, 1)).isTrue();
    }
}
