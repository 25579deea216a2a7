package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A running service that is stopped or fails")
class ServiceFailuresTest extends ServiceFixture {

    @Test
    @DisplayName("says that it can't go on learning, where its store can't tell how far it had come")
    void progressIsUnreadable() throws SQLException {
        // given
        twoClassesLearn();
        await(service.stop(GRACE));

        // when
        damage("distillation");
        service = started();

        // then
        await(event(event -> event.kind() == Kind.WARNING));
        assertThat(await(service.readiness()).checks())
                .filteredOn(check -> !check.passed())
                .extracting(Readiness.Check::name, Readiness.Check::detail)
                .singleElement()
                .satisfies(worker -> assertThat(worker.toString())
                        .contains("worker", "how far the distillation had come can't be read"));
        deliver("cat", 1, 2);
        assertThat(status("cat").seen()).isEqualTo(7);
    }

    private void damage(String persistenceId) throws SQLException {
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE \"event_journal\" SET \"event_payload\" = X'00112233'"
                            + " WHERE \"persistence_id\" = '" + persistenceId + "'"))
                    .isPositive();
        }
    }

    private Connection database() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:h2:file:" + folder.resolve("reverie") + ";DATABASE_TO_UPPER=FALSE", "sa", "");
    }

    @Test
    @DisplayName("goes on after a stop where it was: the same memory, the same totals, a new network")
    void goesOnAfterAStop() {
        // given
        twoClassesLearn();
        awaitLoops(4);

        // when
        stop();
        long before = loopsIn(workshop);
        service = started();

        // then
        assertThat(await(service.status()).samples()).isEqualTo(12);
        assertThat(await(service.status()).innerLoops()).isPositive();
        assertThat(status("cat").innerLoops()).isPositive();
        awaitLoops(2);
        assertThat(loopsIn(workshop)).isGreaterThan(before);
        assertThat(admit("cat", 6, 0)).isEqualTo(new DeliveryOutcome.Accepted(0, 6));
    }

    @Test
    @DisplayName("says so when it had to stop before everything was saved")
    void stopsIncomplete() {
        // given
        CompletableFuture<Void> busy = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        workshop.doingAt("match", 5, () -> {
            busy.complete(null);
            done.join();
        });
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(busy);

        // when
        done.completeOnTimeout(null, 2, TimeUnit.SECONDS);
        boolean saved = await(service.stop(Duration.ofMillis(100)));

        // then
        assertThat(saved).isFalse();
        service = started();
        assertThat(await(service.status()).samples()).isEqualTo(12);
    }

    @Test
    @DisplayName("survives a worker that fails, and says so")
    void survivesTheWorker() {
        // given
        workshop.throwingAt("match", 5);
        CompletionStage<ServiceEvent> warning = event(event -> event.kind() == Kind.WARNING);

        // when
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);

        // then
        assertThat(String.valueOf(await(warning).fields().get("message"))).contains("the device is on fire");
        awaitMatched("cat", "dog");
        awaitLoops(2);
        assertThat(workshop.opened()).isEqualTo(2);
        assertThat(await(service.readiness()).ready()).isTrue();
    }

    @Test
    @DisplayName("says that it has lost its device, and learns again when that is back")
    void survivesTheDevice() {
        // given
        workshop.throwingAt("match", 5).refusingAt(2);
        CompletionStage<ServiceEvent> lost =
                event(event -> String.valueOf(event.fields().get("message")).contains("being repaired"));
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(lost);
        assertThat(await(service.readiness()).ready()).isFalse();

        // when
        later.set(Duration.ofSeconds(10));
        awaitLoops(2);

        // then
        assertThat(workshop.opened()).isEqualTo(3);
        assertThat(await(service.readiness()).ready()).isTrue();
    }

    @Test
    @DisplayName("says that its worker does not answer, until it does")
    void missesTheWorker() {
        // given
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        CompletableFuture<Void> freed = new CompletableFuture<>();
        workshop.doingAt("match", 5, () -> {
            stuck.complete(null);
            freed.join();
        });
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(stuck);
        assertThat(failedChecks()).isEmpty();

        // when
        later.set(Duration.ofMinutes(11));

        // then
        assertThat(failedChecks()).containsExactly("worker: unavailable: it has not answered for 11 minutes");
        freed.complete(null);
        awaitLoops(2);
        assertThat(failedChecks()).isEmpty();
    }

    @Test
    @DisplayName("says that its store does not answer, also when it has nothing to write, until it does")
    void missesTheStore() throws SQLException {
        try (Connection other = database();
                Statement statement = other.createStatement()) {
            assertThat(failedChecks()).isEmpty();

            // when
            statement.execute("SET EXCLUSIVE 1"); // whoever else comes is kept waiting
            later.set(Duration.ofMinutes(2));

            // then
            assertThat(failedChecks()).singleElement().asString().matches("store: has not responded for 12\\d s");
            statement.execute("SET EXCLUSIVE FALSE");
            assertThat(failedChecks()).isEmpty();
        }
    }

    @Test
    @DisplayName("says that the list of its classes is damaged, rather than that it is still being read")
    void registryIsDamaged() throws SQLException {
        // given
        deliver("cat", 1, 0);
        await(service.stop(GRACE));
        damage("registry");

        // when
        service = starting();
        while (failedChecks().equals(List.of("store: is being read"))) {
            Thread.onSpinWait();
        }

        // then
        assertThat(failedChecks()).containsExactly("store: the list of classes is damaged: restore a backup");
    }

    @Test
    @DisplayName("is not ready from the moment that it is about to stop, and goes on until then")
    void leaves() {
        // when
        service.markNotReady();

        // then
        assertThat(failedChecks()).containsExactly("intake: the service is stopping");
        deliver("cat", 1, 0);
    }

    @Test
    @DisplayName("can be asked when it has saved, and takes nothing more")
    void isSaved() {
        deliver("cat", 1, 0);

        assertThat(await(service.save(GRACE))).isTrue();

        assertThat(await(service.status()).samples()).isEqualTo(1);
        assertThat(await(service.memory())).isPresent();
        assertThat(admit("cat", 1, 1)).isInstanceOf(DeliveryOutcome.Deferred.class);
    }

    @Test
    @DisplayName("ends with its intake, rather than to live on without")
    void missesTheIntake() {
        // when
        service.system()
                .classicSystem()
                .actorSelection("/user/intake")
                .tell(PoisonPill.getInstance(), ActorRef.noSender());

        // then
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

    private static long loopsIn(RunFixture workshop) {
        return workshop.journal().stream()
                .filter(line -> line.startsWith("train"))
                .count();
    }
}
