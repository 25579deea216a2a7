package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client with patience")
class RetriesTest {

    @Test
    @DisplayName("repeats a call with growing pauses until its time is over")
    void growingPauses() {
        ManualTime time = new ManualTime();
        Retries retries = new Retries(Duration.ofSeconds(12), () -> time.now, (length, _) -> time.pass(length));
        ReverieException away = new ReverieException.Unreachable("away", new IOException());

        assertThatThrownBy(() -> retries.of(() -> {
                    throw away;
                }))
                .isSameAs(away);
        assertThat(time.pauses).extracting(Duration::toMillis).containsExactly(200L, 400L, 800L, 1600L, 3200L, 5000L);
    }

    @Test
    @DisplayName("pauses before it repeats a call even if the service asks for no pause")
    void noPauseRequested() {
        ManualTime time = new ManualTime();
        Retries retries = new Retries(Duration.ofSeconds(1), () -> time.now, (length, _) -> time.pass(length));
        ReverieException busy = new ReverieException.Busy("busy", Optional.of(Duration.ZERO));

        assertThatThrownBy(() -> retries.of(() -> {
                    throw busy;
                }))
                .isSameAs(busy);
        assertThat(time.pauses).extracting(Duration::toMillis).containsExactly(200L, 400L);
    }

    private static final class ManualTime {
        private final List<Duration> pauses = new ArrayList<>();
        private Instant now = Instant.EPOCH;

        void pass(Duration length) {
            pauses.add(length);
            now = now.plus(length);
        }
    }
}
