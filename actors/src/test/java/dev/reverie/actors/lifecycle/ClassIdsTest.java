package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ids of a class")
class ClassIdsTest {

    private static final long EPOCH = 3;
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);

    private final ClassIds ids = new ClassIds(7);
    private final ManualClock clock = new ManualClock();
    private final TestInbox<ClassReply> replies = TestInbox.create();
    private final ClassState state =
            ClassState.empty(0).after(new ClassEvent.CapacityChanged(new ClassCapacity(9, 0, 1024)));

    @BeforeEach
    void recover() {
        ids.onRecovered(state);
    }

    @Test
    @DisplayName("are reserved until the delivery that has reserved them is released")
    void releases() {
        assertThat(reserve(FIRST, 1, 10, 2, 20)).isEqualTo(examined(FIRST, Finding.RESERVED, 0, 1));
        assertThat(reserve(SECOND, 3, 30, 2, 20)).isEqualTo(examined(SECOND, Finding.BUSY));

        ids.release(FIRST);

        assertThat(reserve(SECOND, 3, 30, 2, 20)).isEqualTo(examined(SECOND, Finding.RESERVED, 0, 1));
    }

    @Test
    @DisplayName("are duplicates, or conflicts, when they are durable")
    void stores() {
        reserve(FIRST, 1, 10);

        assertThat(store(FIRST, 1, 10)).isTrue();
        ids.onStored(state);

        assertThat(replies.receiveMessage()).isEqualTo(new ClassReply.Committed(FIRST, 7, true));
        assertThat(reserve(SECOND, 1, 10, 2, 20)).isEqualTo(examined(SECOND, Finding.RESERVED, 1));
        assertThat(reserve(SECOND, 2, 20, 1, 11)).isEqualTo(examined(SECOND, Finding.CONFLICT, 1));
    }

    @Test
    @DisplayName("that no other delivery has stored are stored after their reservation has ended")
    void storesAfterReservation() {
        reserve(FIRST, 1, 10);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(ids.areReserved(clock.instant())).isTrue();

        clock.advance(Duration.ofMillis(1));

        assertThat(ids.areReserved(clock.instant())).isFalse();
        assertThat(store(FIRST, 1, 10)).isTrue();
    }

    @Test
    @DisplayName("are not reserved any more when the clock was set back")
    void clockSetBack() {
        reserve(FIRST, 1, 10);
        assertThat(ids.areReserved(clock.instant())).isTrue();

        clock.advance(Duration.ofHours(-1));

        assertThat(ids.areReserved(clock.instant())).isFalse();
    }

    @Test
    @DisplayName("are not stored if another delivery has stored one of them after their reservation ended")
    void examinesAgain() {
        // given
        reserve(FIRST, 1, 10, 2, 20);
        clock.advance(Duration.ofSeconds(5));
        assertThat(reserve(SECOND, 2, 20)).isEqualTo(examined(SECOND, Finding.RESERVED, 0));
        store(SECOND, 2, 20);
        ids.onStored(state);

        // then
        assertThat(store(FIRST, 1, 10, 2, 20)).isFalse();
        assertThat(replies.getAllReceived()).last().isEqualTo(new ClassReply.Committed(FIRST, 7, false));
    }

    @Test
    @DisplayName("that were sent before a failure are not stored after it")
    void obsoleteEpoch() {
        reserve(FIRST, 1, 10);
        ids.onRecovered(state);

        assertThat(ids.store(commit(FIRST, 1, 10), state, EPOCH + 1)).isFalse();
        assertThat(replies.receiveMessage()).isEqualTo(new ClassReply.Committed(FIRST, 7, false));
    }

    @Test
    @DisplayName("are not known after a write that has failed")
    void failedWrite() {
        store(FIRST, 1, 10);
        ids.onFailure();

        assertThat(replies.receiveMessage()).isEqualTo(new ClassReply.Committed(FIRST, 7, false));
        assertThat(reserve(SECOND, 1, 11)).isEqualTo(examined(SECOND, Finding.RESERVED, 0));
    }

    @Test
    @DisplayName("of a class that is sealed or is to be sealed are reserved only if none is new")
    void sealing() {
        store(FIRST, 1, 10);
        ids.onStored(state);
        ClassCommand.Reserve known = request(SECOND, 1, 10);
        ClassCommand.Reserve fresh = request(SECOND, 1, 10, 2, 20);

        assertThat(ids.reserve(known, ClassPhase.COLLECTING, true, clock.instant()))
                .isEqualTo(examined(SECOND, Finding.RESERVED));
        assertThat(ids.reserve(fresh, ClassPhase.COLLECTING, true, clock.instant()))
                .isEqualTo(examined(SECOND, Finding.SEALING));
        assertThat(ids.reserve(known, ClassPhase.SEALED, false, clock.instant()))
                .isEqualTo(examined(SECOND, Finding.RESERVED));
        assertThat(ids.reserve(fresh, ClassPhase.SEALED, false, clock.instant()))
                .isEqualTo(examined(SECOND, Finding.SEALED, 1));
    }

    private ClassReply.Examined reserve(UUID delivery, long... pairs) {
        return ids.reserve(request(delivery, pairs), ClassPhase.COLLECTING, false, clock.instant());
    }

    private ClassCommand.Reserve request(UUID delivery, long... pairs) {
        return new ClassCommand.Reserve(delivery, FingerprintBlock.of(pairs), replies.getRef());
    }

    private boolean store(UUID delivery, long... pairs) {
        return ids.store(commit(delivery, pairs), state, EPOCH);
    }

    private ClassCommand.Commit commit(UUID delivery, long... pairs) {
        return new ClassCommand.Commit(
                delivery, EPOCH, Optional.empty(), FingerprintBlock.of(pairs), List.of(), replies.getRef());
    }

    private static ClassReply.Examined examined(UUID delivery, Finding finding, Integer... samples) {
        return new ClassReply.Examined(delivery, 7, finding, List.of(samples));
    }
}
