package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The state of a class in the intake")
class ClassEntryTest {

    private final ClassEntry entry =
            new ClassEntry(0, "cat", TestInbox.<ClassMessage>create().getRef());

    @Test
    @DisplayName("shows that a class is sealed when its actor has reported the seal, and not before")
    void sealing() {
        entry.startSealing();
        assertThat(entry.phase()).isEqualTo(ClassPhase.COLLECTING);

        entry.enterPhase(ClassPhase.SEALED);
        assertThat(entry.phase()).isEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("has a seal that was shown, even if the class is forgotten before its actor has replied")
    void forgottenAfterSeal() {
        entry.startSealing();
        assertThat(entry.afterSealing(true)).isEmpty();

        entry.enterPhase(ClassPhase.SEALED);
        assertThat(entry.afterSealing(true)).map(ClassHandle::phase).contains(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("does not show a seal that failed because the class is being forgotten")
    void sealedWhileForgotten() {
        entry.startSealing();
        entry.failAsks();

        assertThat(entry.enterPhase(ClassPhase.SEALED)).isFalse();
        assertThat(entry.phase()).isEqualTo(ClassPhase.COLLECTING);
    }

    @Test
    @DisplayName("is to be sealed again if the class has not answered")
    void sealedAgain() {
        entry.onSealRequested(true);
        entry.enterPhase(ClassPhase.CONVERGED);
        entry.startSealing();
        assertThat(entry.isSealDue()).isFalse();

        entry.failSealing();
        assertThat(entry.isSealDue()).isTrue();
    }

    @Test
    @DisplayName("is to be sealed again if the actor of the class has restarted, which may have lost the message")
    void sealedAfterRestart() {
        entry.startSealing();

        entry.onRecovered(recovered(ClassPhase.CONVERGED, true));

        assertThat(entry.isSealDue()).isTrue();
    }

    @Test
    @DisplayName("has changed for others if the class recovers in another phase than the one that was announced")
    void recoversInAnotherPhase() {
        assertThat(entry.onRecovered(recovered(ClassPhase.CONVERGED))).isFalse();
        assertThat(entry.announce()).isTrue();
        entry.onFailed(new ClassReport.Failed(0, StoreFailure.UNREACHABLE, "no route to the node"), Instant.EPOCH);

        boolean changed = entry.onRecovered(recovered(ClassPhase.SEALED));

        assertThat(changed).isTrue();
        assertThat(entry.phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(entry.onRecovered(recovered(ClassPhase.SEALED))).isFalse();
    }

    @Test
    @DisplayName("fails for 30 s after its store worked again, even if the clock of the machine is set back meanwhile")
    void failing() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        entry.onFailed(new ClassReport.Failed(0, StoreFailure.UNREACHABLE, "no route to the node"), now);
        assertThat(entry.isFailing(now.plusSeconds(3600))).isTrue();

        entry.onRecovered(recovered(ClassPhase.COLLECTING));

        assertThat(entry.isFailing(now.plusSeconds(29))).isTrue();
        assertThat(entry.isFailing(now.plusSeconds(30))).isFalse();
        assertThat(entry.isFailing(now.minusSeconds(3600))).isFalse();
    }

    @Test
    @DisplayName("answers no request from a failure of the store until it has recovered, and only then")
    void answersAgain() {
        assertThat(entry.handle().failing()).isFalse();

        entry.onFailed(new ClassReport.Failed(0, StoreFailure.UNAVAILABLE, "no connection"), Instant.EPOCH);
        assertThat(entry.handle().failing()).isTrue();
        assertThat(entry.handle().damaged()).isFalse();

        entry.onRecovered(recovered(ClassPhase.COLLECTING));
        assertThat(entry.handle().failing()).isFalse();
    }

    private static ClassReport.Recovered recovered(ClassPhase phase) {
        return recovered(phase, false);
    }

    private static ClassReport.Recovered recovered(ClassPhase phase, boolean sealRequested) {
        return new ClassReport.Recovered(0, 1, phase, 3, 3, Optional.empty(), sealRequested);
    }
}
