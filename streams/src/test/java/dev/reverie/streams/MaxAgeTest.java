package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.IntakeLimits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A service with a maximum age of real images")
@Timeout(120)
class MaxAgeTest extends ServiceFixture {

    MaxAgeTest() {
        limits = new IntakeLimits(10, 100, 1 << 20, 1 << 20, 100, 1000, 1 << 20, Optional.of(Duration.ofHours(1)));
    }

    @Test
    @DisplayName("drops older images when newer ones arrive, except those that the class needs to be learned")
    void dropsOldImages() {
        deliver("cat", 10, 0);
        clockOffset = Duration.ofHours(2);
        assertThat(status("cat").reservoir()).isEqualTo(10);

        deliver("cat", 3, 1);

        assertThat(status("cat").reservoir()).isEqualTo(POLICY.minImages() + 3);
        assertThat(status("cat").seen()).isEqualTo(13);
    }
}
