package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.CapturedLog;
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

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final List<CompletableFuture<Done>> writes = new ArrayList<>();
    private Instant now = START;
    private final StoreProbe longTimeout = probe(Duration.ofMinutes(1));
    private final StoreProbe shortTimeout = probe(Duration.ofMillis(20));

    private StoreProbe probe(Duration timeout) {
        return new StoreProbe(
                () -> {
                    writes.add(new CompletableFuture<>());
                    return writes.getLast();
                },
                () -> now,
                timeout);
    }

    private static Optional<String> problemOf(StoreProbe probe) {
        return probe.problem().toCompletableFuture().join();
    }

    @Test
    @DisplayName("writes to the store once for concurrent requests, and again after a few seconds")
    void writesPeriodically() {
        CompletableFuture<Optional<String>> first = longTimeout.problem().toCompletableFuture();
        CompletableFuture<Optional<String>> second = longTimeout.problem().toCompletableFuture();
        writes.getFirst().complete(Done.getInstance());
        assertThat(first.join()).isEmpty();
        assertThat(second.join()).isEmpty();
        assertThat(writes).hasSize(1);

        now = START.plusSeconds(4);
        assertThat(problemOf(longTimeout)).isEmpty();
        assertThat(writes).hasSize(1);

        now = START.plusSeconds(5);
        longTimeout.problem();
        assertThat(writes).hasSize(2);
    }

    @Test
    @DisplayName("reports why a write failed, and reports success after the next write")
    void fails() {
        CompletableFuture<Optional<String>> problem = longTimeout.problem().toCompletableFuture();
        writes.getLast().completeExceptionally(new IOException("No space left on device"));
        assertThat(problem.join()).contains("is full: free space on its disk");

        now = START.plusSeconds(5);
        CompletableFuture<Optional<String>> later = longTimeout.problem().toCompletableFuture();
        writes.getLast().complete(Done.getInstance());
        assertThat(later.join()).isEmpty();
    }

    @Test
    @DisplayName("logs the first of several failures, but not a full disk, which the store logs itself")
    void logsTheFirstFailure() {
        try (CapturedLog log = new CapturedLog(StoreProbe.class)) {
            fail("No space left on device");
            assertThat(log.take()).isEmpty();

            fail("Connection refused");
            fail("Connection refused");
            assertThat(log.take()).hasSize(1);
        }
    }

    private void fail(String reason) {
        now = now.plusSeconds(5);
        longTimeout.problem();
        writes.getLast().completeExceptionally(new IOException(reason));
    }

    @Test
    @DisplayName("accepts a slow write, but not one without a reply")
    void timesOut() {
        assertThat(problemOf(shortTimeout)).as("the start of a write").isEmpty();

        now = START.plusSeconds(14);
        assertThat(problemOf(shortTimeout)).as("a slow write").isEmpty();

        now = START.plusSeconds(20);
        assertThat(problemOf(shortTimeout))
                .contains("has not responded for 20 s: check its disk or its database server");

        assertThat(writes).as("no concurrent writes").hasSize(1);
        writes.getFirst().complete(Done.getInstance());
        assertThat(problemOf(shortTimeout)).isEmpty();
    }

    @Test
    @DisplayName("accepts a slow write even if the one before it was long ago")
    void isQueriedRarely() {
        shortTimeout.problem();
        writes.getLast().complete(Done.getInstance());

        now = START.plus(Duration.ofHours(1));

        assertThat(problemOf(shortTimeout)).isEmpty();
        assertThat(writes).hasSize(2);
    }

    @Test
    @DisplayName("accepts no slow write after one that failed")
    void failsBeforeASlowWrite() {
        shortTimeout.problem();
        writes.getLast().completeExceptionally(new IOException("Connection refused"));

        now = START.plusSeconds(20);

        assertThat(problemOf(shortTimeout))
                .contains("has not responded for 20 s: check its disk or its database server");
    }
}
