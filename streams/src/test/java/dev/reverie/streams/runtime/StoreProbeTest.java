package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The store probe")
class StoreProbeTest {

    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    private final List<CompletableFuture<Done>> writes = new ArrayList<>();
    private Instant now = BEGIN;
    private final StoreProbe patient = pulse(Duration.ofMinutes(1));
    private final StoreProbe impatient = pulse(Duration.ofMillis(20));

    private StoreProbe pulse(Duration patience) {
        return new StoreProbe(
                () -> {
                    writes.add(new CompletableFuture<>());
                    return writes.getLast();
                },
                () -> now,
                patience);
    }

    private static Optional<String> troubleOf(StoreProbe pulse) {
        return pulse.problem().toCompletableFuture().join();
    }

    @Test
    @DisplayName("writes to the store once for concurrent requests, and again after a few seconds")
    void writesNowAndThen() {
        CompletableFuture<Optional<String>> first = patient.problem().toCompletableFuture();
        CompletableFuture<Optional<String>> second = patient.problem().toCompletableFuture();
        writes.getFirst().complete(Done.getInstance());
        assertThat(first.join()).isEmpty();
        assertThat(second.join()).isEmpty();
        assertThat(writes).hasSize(1);

        now = BEGIN.plusSeconds(4);
        assertThat(troubleOf(patient)).isEmpty();
        assertThat(writes).hasSize(1);

        now = BEGIN.plusSeconds(5);
        patient.problem();
        assertThat(writes).hasSize(2);
    }

    @Test
    @DisplayName("reports why a write failed, and reports success after the next write")
    void fails() {
        CompletableFuture<Optional<String>> asked = patient.problem().toCompletableFuture();
        writes.getLast().completeExceptionally(new IOException("No space left on device"));
        assertThat(asked.join()).contains("is full: free space on its disk");

        now = BEGIN.plusSeconds(5);
        CompletableFuture<Optional<String>> later = patient.problem().toCompletableFuture();
        writes.getLast().complete(Done.getInstance());
        assertThat(later.join()).isEmpty();
    }

    @Test
    @DisplayName("accepts a slow write, but not one without a reply")
    void isSilent() {
        now = BEGIN.plusSeconds(14);
        assertThat(troubleOf(impatient)).as("tidies up, as it seems").isEmpty();

        now = BEGIN.plusSeconds(20);
        assertThat(troubleOf(impatient)).contains("has not responded for 20 s");

        assertThat(writes).as("never two at once").hasSize(1);
        writes.getFirst().complete(Done.getInstance());
        assertThat(troubleOf(impatient)).isEmpty();
    }
}
