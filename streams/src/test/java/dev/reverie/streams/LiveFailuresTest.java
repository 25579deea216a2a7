package dev.reverie.streams;

import static dev.reverie.streams.Runs.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Admission;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A running service that is stopped or fails")
class LiveFailuresTest extends RunningService {

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
        assertThat(failedChecks())
                .singleElement()
                .asString()
                .startsWith("worker: ")
                .contains("how far the distillation had come can't be read");
        deliver("cat", 1, 2);
        assertThat(status("cat").seen()).isEqualTo(7);
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
        assertThat(admit("cat", 6, 0)).isEqualTo(new Admission.Accepted(0, 6));
    }

    @Test
    @DisplayName("says so when it had to stop before everything was saved")
    void stopsIncomplete() {
        // given
        CompletableFuture<Void> held = holdTheWorker();

        // when
        held.completeOnTimeout(null, 2, TimeUnit.SECONDS);
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
    @DisplayName("can be asked when it has saved, and takes nothing more")
    void isSaved() {
        deliver("cat", 1, 0);

        assertThat(await(service.save(GRACE))).isTrue();

        assertThat(await(service.status()).samples()).isEqualTo(1);
        assertThat(await(service.memory())).isPresent();
        assertThat(admit("cat", 1, 1)).isInstanceOf(Admission.Deferred.class);
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

    private static long loopsIn(Workshop workshop) {
        return workshop.journal().stream()
                .filter(line -> line.startsWith("train"))
                .count();
    }
}
