package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.NoRetention;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal of progress")
class ProgressJournalActorTest {

    private static final String ID = "distillation";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FailingStore store = new FailingStore();
    private final TestProbe<ServiceCommand> owner = store.testKit().createTestProbe();
    private final TestProbe<Done> asking = store.testKit().createTestProbe();
    private final ActorRef<ProgressJournalActor.Note> journal =
            store.testKit().spawn(ProgressJournalActor.create(new NoRetention(), owner.getRef()));

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    @DisplayName("writes again what the store failed to write, and answers then")
    void writesAgain() {
        // given
        StoredProgress progress = StoredProgress.NONE.beginning(3);
        store.journal().failNextPersisted(ID);

        // when
        journal.tell(new ProgressJournalActor.Note(progress, Optional.of(asking.getRef())));

        // then
        asking.receiveMessage(PATIENCE);
        store.journal().expectNextPersisted(ID, progress);
    }

    @Test
    @DisplayName("never goes back")
    void neverGoesBack() {
        // given
        StoredProgress later = StoredProgress.NONE.beginning(3).afterLoop(false);
        journal.tell(new ProgressJournalActor.Note(later, Optional.of(asking.getRef())));
        asking.receiveMessage(PATIENCE);

        // when
        journal.tell(new ProgressJournalActor.Note(StoredProgress.NONE.beginning(3), Optional.of(asking.getRef())));
        asking.receiveMessage(PATIENCE);

        // then
        assertThat(store.journal().persistedInStorage(ID)).containsExactly(later);
    }
}
