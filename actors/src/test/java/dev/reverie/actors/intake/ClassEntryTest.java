package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The state of a class in the intake")
class ClassEntryTest {

    private final ClassEntry entry =
            new ClassEntry(0, "cat", TestInbox.<ClassMessage>create().getRef());

    @Test
    @DisplayName("is what the class has published last, even if earlier information arrives later")
    void ordered() {
        ClassInfo three = info(ClassPhase.COLLECTING, 3);
        ClassInfo five = info(ClassPhase.COLLECTING, 5);
        ClassInfo recovered = ClassInfos.of(0, "cat", ClassPhase.COLLECTING, 5, false, 2);

        assertThat(entry.update(five)).isTrue();
        assertThat(entry.update(three)).isFalse();
        assertThat(entry.update(five)).isFalse();
        assertThat(entry.info()).isEqualTo(five);

        assertThat(entry.isRestartedBy(recovered)).isTrue();
        assertThat(entry.update(recovered)).isTrue();
        assertThat(entry.isRestartedBy(three)).isFalse();
        assertThat(entry.update(three)).isFalse();
        assertThat(entry.info()).isEqualTo(recovered);
    }

    @Test
    @DisplayName("has a seal that was shown, even if the class is forgotten before its actor has replied")
    void forgottenAfterSeal() {
        entry.startSealing();
        assertThat(entry.afterSealing(true)).isEmpty();

        ClassInfo sealed = info(ClassPhase.SEALED, 3);
        entry.update(sealed);

        assertThat(entry.afterSealing(true)).contains(sealed);
    }

    @Test
    @DisplayName("is to be sealed again if the class has not answered, or has restarted and perhaps lost the message")
    void sealedAgain() {
        entry.update(converging(1));
        assertThat(entry.isSealDue()).isTrue();

        entry.startSealing();
        assertThat(entry.isSealDue()).isFalse();

        entry.failSealing();
        assertThat(entry.isSealDue()).isTrue();

        entry.startSealing();
        entry.update(converging(2));
        assertThat(entry.isSealDue()).isTrue();
    }

    @Test
    @DisplayName("fails for 30 s after its store worked again, even if the clock of the machine is set back meanwhile")
    void failing() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        entry.onFailed(new ClassReport.Failed(0, StoreFailure.UNREACHABLE, "no route to the node"), now);

        assertThat(entry.isFailing(now.plusSeconds(3600))).isTrue();

        entry.onWorks();

        assertThat(entry.isFailing(now.plusSeconds(29))).isTrue();
        assertThat(entry.isFailing(now.plusSeconds(30))).isFalse();
        assertThat(entry.isFailing(now.minusSeconds(3600))).isFalse();
    }

    @Test
    @DisplayName("answers no request from a failure of the store until it reports again, and only then")
    void answersAgain() {
        assertThat(entry.known().failing()).isFalse();

        entry.onFailed(new ClassReport.Failed(0, StoreFailure.UNAVAILABLE, "no connection"), Instant.EPOCH);
        entry.update(info(ClassPhase.COLLECTING, 3));

        assertThat(entry.known().failing()).isTrue();
        assertThat(entry.info().damaged()).isFalse();

        entry.onWorks();

        assertThat(entry.known().failing()).isFalse();
    }

    @Test
    @DisplayName("is damaged until it reports again, whatever it has published before")
    void damaged() {
        entry.onFailed(new ClassReport.Failed(0, StoreFailure.DAMAGED, "a row is missing"), Instant.EPOCH);
        entry.update(info(ClassPhase.COLLECTING, 3));

        assertThat(entry.known().info().damaged()).isTrue();

        entry.onWorks();

        assertThat(entry.info().damaged()).isFalse();
    }

    @Test
    @DisplayName("tells the user of failures ever less often while the class goes on to fail")
    void toldLessOften() {
        assertThat(IntStream.rangeClosed(1, 20).filter(failure -> fails(StoreFailure.UNAVAILABLE, 600 * failure)))
                .containsExactly(1, 3, 7, 15);
    }

    @Test
    @DisplayName("tells the user at once of a failure of another kind than the last one")
    void otherKind() {
        assertThat(fails(StoreFailure.UNAVAILABLE, 0)).isTrue();
        assertThat(fails(StoreFailure.UNAVAILABLE, 1)).isFalse();
        assertThat(fails(StoreFailure.DAMAGED, 2)).isTrue();
        assertThat(fails(StoreFailure.UNAVAILABLE, 3)).isTrue();
    }

    @Test
    @DisplayName("tells the user at once of a failure after the class has worked for 30 s")
    void toldAfterRecovery() {
        assertThat(fails(StoreFailure.UNAVAILABLE, 0)).isTrue();
        entry.onWorks();
        assertThat(fails(StoreFailure.UNAVAILABLE, 29)).isFalse();
        entry.onWorks();
        assertThat(fails(StoreFailure.UNAVAILABLE, 59)).isTrue();
    }

    private boolean fails(StoreFailure kind, int second) {
        return entry.onFailed(new ClassReport.Failed(0, kind, "detail"), Instant.EPOCH.plusSeconds(second));
    }

    private static ClassInfo info(ClassPhase phase, long seen) {
        return ClassInfos.of(0, "cat", phase, seen);
    }

    private static ClassInfo converging(long epoch) {
        return ClassInfos.of(0, "cat", ClassPhase.CONVERGED, 3, true, epoch);
    }
}
