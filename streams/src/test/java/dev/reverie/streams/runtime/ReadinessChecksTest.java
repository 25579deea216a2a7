package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.streams.service.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The readiness checks")
class ReadinessChecksTest {

    private final CompletableFuture<Done> write = new CompletableFuture<>();
    private final ReadinessChecks checks = new ReadinessChecks(
            new StoreProbe(() -> write, () -> Instant.EPOCH.plusSeconds(60), Duration.ofMinutes(1)));

    private List<Readiness.Check> results() {
        return results(List.of());
    }

    private List<Readiness.Check> results(List<String> failing) {
        IntakeActor.Overview view = new IntakeActor.Overview(
                false,
                List.of(),
                new ClassNotification.StoreLoaded(failing.size() + 1, 0, 0, failing),
                Optional.empty(),
                0,
                Optional.empty(),
                new TreeMap<>());
        ServiceCommand.Status progress = new ServiceCommand.Status(0, 0, Optional.empty(), "matching", true);
        return checks.of(CompletableFuture.completedFuture(view), CompletableFuture.completedFuture(progress))
                .toCompletableFuture()
                .join()
                .checks();
    }

    @Test
    @DisplayName("say that samples are accepted while the store can be written to")
    void accepts() {
        write.complete(Done.getInstance());

        assertThat(results())
                .contains(
                        new Readiness.Check("intake", true, "accepts samples"),
                        new Readiness.Check("store", true, "is read and written"));
    }

    @Test
    @DisplayName("name only the first of many classes that cannot use the store")
    void manyClasses() {
        write.complete(Done.getInstance());

        assertThat(results(List.of("a", "b", "c", "d", "e", "f", "g")))
                .contains(new Readiness.Check(
                        "store", true, "classes that cannot be read or written: a, b, c, d, e and 2 more"));
    }

    @Test
    @DisplayName("do not say that samples are accepted while the disk of the store is full")
    void waitsForAFullStore() {
        write.completeExceptionally(new IOException("No space left on device"));

        assertThat(results())
                .contains(
                        new Readiness.Check("intake", true, "waits for the store"),
                        new Readiness.Check("store", false, "is full: free space on its disk"));
    }
}
