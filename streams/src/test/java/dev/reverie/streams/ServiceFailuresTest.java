package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.gpu.method.Method;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A running service that is stopped or fails")
class ServiceFailuresTest extends ServiceFixture {

    private static final long PAUSE_NS = 10_000_000;

    @Test
    @DisplayName("reports that it cannot learn if its stored progress cannot be read")
    void progressIsUnreadable() throws SQLException {
        twoClassesLearn();
        await(service.stop(GRACE));

        damage("distillation");
        service = started();

        await(event(event -> event.kind() == Kind.WARNING));
        assertThat(await(service.readiness()).checks())
                .filteredOn(check -> !check.passed())
                .extracting(Readiness.Check::name, Readiness.Check::detail)
                .singleElement()
                .satisfies(worker -> assertThat(worker.toString())
                        .contains("worker", "the stored progress of the distillation cannot be read"));
        deliver("cat", 1, 2);
        assertThat(status("cat").seen()).isEqualTo(7);
    }

    private void damage(String persistenceId) throws SQLException {
        assertThat(StoreFile.in(folder)
                        .execute("UPDATE \"event_journal\" SET \"event_payload\" = X'00112233'"
                                + " WHERE \"persistence_id\" = '" + persistenceId + "'"))
                .isPositive();
    }

    @Test
    @DisplayName("continues after a restart with the same memory, the same totals and a new network")
    void continuesAfterAStop() {
        twoClassesLearn();
        awaitLoops(4);

        stop();
        long before = loopsIn(fixture);
        service = started();

        assertThat(await(service.status()).samples()).isEqualTo(12);
        assertThat(await(service.status()).innerLoops()).isPositive();
        assertThat(status("cat").innerLoops()).isPositive();
        awaitLoops(2);
        assertThat(loopsIn(fixture)).isGreaterThan(before);
        assertThat(admit("cat", 6, 0)).isEqualTo(new DeliveryOutcome.Accepted(0, 6));
    }

    @Test
    @DisplayName("reports if it had to stop before everything was saved")
    void stopsIncomplete() throws SQLException {
        twoClassesLearn();
        try (Connection other = StoreFile.in(folder).connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE"); // blocks all other connections that write

            boolean saved = await(service.save(Duration.ofMillis(100)));

            assertThat(saved).isFalse();
            statement.execute("ROLLBACK");
        }
        await(service.end());
        service = started();
        assertThat(await(service.status()).samples()).isEqualTo(12);
    }

    @Test
    @DisplayName("saves what it has learned although its worker does not end a job")
    void savesDuringALongJob() {
        CompletableFuture<Void> busy = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        fixture.doingAt("match", 5, () -> {
            busy.complete(null);
            done.join();
        });
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(busy);

        boolean saved = await(service.save(Duration.ofSeconds(9)));

        assertThat(saved).isTrue();
        assertThat(done).isNotDone();
        done.complete(null);
    }

    @Test
    @DisplayName("survives a failing worker, and publishes the failure")
    void survivesTheWorker() {
        fixture.throwingAt("match", 5);
        CompletionStage<ServiceEvent> warning = event(event -> event.kind() == Kind.WARNING);

        deliver("cat", 6, 0);
        deliver("dog", 6, 1);

        assertThat(String.valueOf(await(warning).fields().get("message"))).contains("the device is on fire");
        awaitMatched("cat", "dog");
        awaitLoops(2);
        assertThat(fixture.opened()).isEqualTo(2);
        assertThat(await(service.readiness()).ready()).isTrue();
    }

    @Test
    @DisplayName("reports that its device is lost, and learns again when the device is back")
    void survivesTheDevice() {
        fixture.throwingAt("match", 5).refusingAt(2);
        CompletionStage<ServiceEvent> lost =
                event(event -> String.valueOf(event.fields().get("message")).contains("being repaired"));
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(lost);
        assertThat(await(service.readiness()).ready()).isFalse();

        nanosOffset = Duration.ofSeconds(10);
        awaitLoops(2);

        assertThat(fixture.opened()).isEqualTo(3);
        assertThat(await(service.readiness()).ready()).isTrue();
    }

    @Test
    @Timeout(60)
    @DisplayName("is ready when its device is back, even if its method does not learn")
    void deviceIsBackWithoutLearning() {
        stop();
        method = Method.TILE;
        fixture.refusingAt(1);
        service = started();
        CompletionStage<ServiceEvent> lost =
                event(event -> String.valueOf(event.fields().get("message")).contains("being repaired"));
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(lost);
        assertThat(await(service.readiness()).ready()).isFalse();

        nanosOffset = Duration.ofSeconds(10);
        while (!await(service.readiness()).ready()) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        assertThat(fixture.opened()).isEqualTo(2);
    }

    @Test
    @DisplayName("reports that its worker does not reply, until it does")
    void reportsASilentWorker() {
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        CompletableFuture<Void> freed = new CompletableFuture<>();
        fixture.doingAt("match", 5, () -> {
            stuck.complete(null);
            freed.join();
        });
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(stuck);
        assertThat(failedChecks()).isEmpty();

        nanosOffset = Duration.ofMinutes(11);

        assertThat(failedChecks())
                .containsExactly(
                        "worker: unavailable: a worker has not replied for 11 minutes; restart the service if this does not end");
        freed.complete(null);
        awaitLoops(2);
        assertThat(failedChecks()).isEmpty();
    }

    @Test
    @DisplayName("reports that its store does not respond, even with nothing to write, until it does")
    void reportsASilentStore() throws SQLException {
        try (Connection other = StoreFile.in(folder).connect();
                Statement statement = other.createStatement()) {
            assertThat(failedChecks()).isEmpty();

            statement.execute("BEGIN IMMEDIATE"); // blocks all other connections that write
            nanosOffset = Duration.ofMinutes(1);
            assertThat(failedChecks()).as("the start of a write").isEmpty();
            nanosOffset = Duration.ofMinutes(3);

            assertThat(failedChecks())
                    .singleElement()
                    .asString()
                    .matches("store: has not responded for 1\\d\\d s: check its disk or its database server");
            statement.execute("ROLLBACK");
            assertThat(failedChecks()).isEmpty();
        }
    }

    @Test
    @DisplayName("reports that the list of its classes is damaged, not that it is being read")
    void registryIsDamaged() throws SQLException {
        deliver("cat", 1, 0);
        await(service.stop(GRACE));
        damage("registry");

        service = starting();
        while (failedChecks().equals(List.of("store: is being read"))) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        assertThat(failedChecks()).containsExactly("store: the list of classes is damaged: restore it from a backup");
    }

    @Test
    @DisplayName("is not ready once it is about to stop, and continues until it stops")
    void leaves() {
        service.markNotReady();

        assertThat(failedChecks()).containsExactly("intake: the service is stopping");
        deliver("cat", 1, 0);
    }

    @Test
    @DisplayName("can be queried after it has saved, and accepts no more samples")
    void isSaved() {
        deliver("cat", 1, 0);

        assertThat(await(service.save(GRACE))).isTrue();

        assertThat(await(service.status()).samples()).isEqualTo(1);
        assertThat(await(service.memory())).isPresent();
        assertThat(admit("cat", 1, 1)).isInstanceOf(DeliveryOutcome.Deferred.class);
    }

    @Test
    @DisplayName("ends with its intake actor")
    void endsWithTheIntake() {
        service.system()
                .classicSystem()
                .actorSelection("/user/intake")
                .tell(PoisonPill.getInstance(), ActorRef.noSender());

        await(service.ended());
        assertThat(await(service.stop(Duration.ofMillis(1)))).isFalse();
        service = started();
    }

    private List<String> failedChecks() {
        return await(service.readiness()).checks().stream()
                .filter(check -> !check.passed())
                .map(check -> check.name() + ": " + check.detail())
                .toList();
    }

    private static long loopsIn(RunFixture fixture) {
        return fixture.journal().stream()
                .filter(line -> line.startsWith("train"))
                .count();
    }
}
