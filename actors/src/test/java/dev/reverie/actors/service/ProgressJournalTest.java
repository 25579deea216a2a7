package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.ForgetfulRetention;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal of progress")
class ProgressJournalTest {

    private static final String ID = "distillation";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FailingStore store = new FailingStore();
    private final TestProbe<LiveCommand> owner = store.testKit().createTestProbe();
    private final TestProbe<Done> asking = store.testKit().createTestProbe();
    private final ActorRef<ProgressJournal.Note> journal =
            store.testKit().spawn(ProgressJournal.create(new ForgetfulRetention(), owner.getRef()));

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    @DisplayName("writes again what the store failed to write, and answers then")
    void writesAgain() {
        // given
        Progress progress = Progress.NONE.beginning(3);
        store.journal().failNextPersisted(ID);

        // when
        journal.tell(new ProgressJournal.Note(progress, Optional.of(asking.getRef())));

        // then
        asking.receiveMessage(PATIENCE);
        store.journal().expectNextPersisted(ID, progress);
    }

    @Test
    @DisplayName("never goes back")
    void neverGoesBack() {
        // given
        Progress later = Progress.NONE.beginning(3).afterLoop(false);
        journal.tell(new ProgressJournal.Note(later, Optional.of(asking.getRef())));
        asking.receiveMessage(PATIENCE);

        // when
        journal.tell(new ProgressJournal.Note(Progress.NONE.beginning(3), Optional.of(asking.getRef())));
        asking.receiveMessage(PATIENCE);

        // then
        assertThat(store.journal().persistedInStorage(ID)).containsExactly(later);
    }
}
