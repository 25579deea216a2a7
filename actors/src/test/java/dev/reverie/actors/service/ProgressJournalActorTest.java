package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.NoRetention;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal of progress")
class ProgressJournalActorTest {

    private static final String ID = "distillation";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int EVENTS_PER_SNAPSHOT = 100;

    @AutoClose
    private final FailingStore store = new FailingStore();

    private final TestProbe<ServiceCommand> coordinator = store.testKit().createTestProbe();
    private final TestProbe<Done> replies = store.testKit().createTestProbe();
    private final NoRetention retention = new NoRetention();
    private final ActorRef<ProgressJournalActor.Save> journal = spawn(Optional.empty());

    @Test
    @DisplayName("reports a write that the store has failed, repeats it, and replies after that")
    void repeatsFailedWrites() {
        StoredProgress progress = StoredProgress.NONE.afterIterationBegan(3);
        store.journal().failNextPersisted(ID);

        journal.tell(new ProgressJournalActor.Save(progress, Optional.of(replies.getRef())));

        replies.receiveMessage(TIMEOUT);
        assertThat(store.journal().persistedInStorage(ID)).containsExactly(progress);
        assertThat(retention.failures()).hasSize(1);
    }

    @Test
    @DisplayName("logs the first of the writes that the store has failed, but not the restarts after them")
    void logsFailedWrites() {
        store.journal().failNextNPersisted(ID, 2);

        LoggingTestKit.warn("Cannot write the progress of the distillation to the store")
                .withOccurrences(1)
                .expect(store.testKit().system(), () -> LoggingTestKit.error("saw failure")
                        .withOccurrences(0)
                        .expect(store.testKit().system(), () -> save(StoredProgress.NONE.afterIterationBegan(3))));
    }

    @Test
    @DisplayName("logs the reason why old events could not be deleted")
    void logsFailedDeletion() {
        retention.failDeletions(new IllegalStateException("the disk is away"));

        LoggingTestKit.warn("Could not delete old events of distillation: the disk is away. The next snapshot")
                .expect(store.testKit().system(), () -> {
                    for (int outer = 1; outer < EVENTS_PER_SNAPSHOT; outer++) {
                        journal.tell(new ProgressJournalActor.Save(
                                StoredProgress.NONE.afterIterationBegan(outer), Optional.empty()));
                    }
                    return save(StoredProgress.NONE.afterIterationBegan(EVENTS_PER_SNAPSHOT));
                });
    }

    @Test
    @DisplayName("tells the coordinator the progress that was stored")
    void recovers() {
        StoredProgress stored = StoredProgress.NONE.afterIterationBegan(3);
        coordinator.expectMessage(TIMEOUT, new ServiceCommand.ProgressRecovered(StoredProgress.NONE));
        save(stored);
        store.testKit().stop(journal);

        spawn(Optional.empty());

        coordinator.expectMessage(TIMEOUT, new ServiceCommand.ProgressRecovered(stored));
    }

    @Test
    @DisplayName("writes into a full store only what somebody waits for")
    void fullStore() {
        StoredProgress unawaited = StoredProgress.NONE.afterIterationBegan(3);
        StoredProgress awaited = unawaited.afterLoop(false);
        retention.setReadOnly(true);

        journal.tell(new ProgressJournalActor.Save(unawaited, Optional.empty()));
        save(awaited);

        assertThat(store.journal().persistedInStorage(ID)).containsExactly(awaited);
    }

    @Test
    @DisplayName("has an entry of its own for each node of a cluster")
    void ofNode() {
        StoredProgress progress = StoredProgress.NONE.afterIterationBegan(3);

        spawn(Optional.of("one")).tell(new ProgressJournalActor.Save(progress, Optional.of(replies.getRef())));
        replies.receiveMessage(TIMEOUT);

        assertThat(store.journal().persistedInStorage(ID + "@one")).containsExactly(progress);
        assertThat(store.journal().persistedInStorage(ID)).isEmpty();
    }

    private ActorRef<ProgressJournalActor.Save> spawn(Optional<String> node) {
        return store.testKit().spawn(ProgressJournalActor.create(retention, node, coordinator.getRef()));
    }

    /** Returns when the progress is durable. */
    private Done save(StoredProgress progress) {
        journal.tell(new ProgressJournalActor.Save(progress, Optional.of(replies.getRef())));
        return replies.receiveMessage(TIMEOUT);
    }

    @Test
    @DisplayName("ignores progress that is older than the stored one")
    void ignoresOlderProgress() {
        StoredProgress later = StoredProgress.NONE.afterIterationBegan(3).afterLoop(false);
        journal.tell(new ProgressJournalActor.Save(later, Optional.of(replies.getRef())));
        replies.receiveMessage(TIMEOUT);

        journal.tell(new ProgressJournalActor.Save(
                StoredProgress.NONE.afterIterationBegan(3), Optional.of(replies.getRef())));
        replies.receiveMessage(TIMEOUT);

        assertThat(store.journal().persistedInStorage(ID)).containsExactly(later);
    }
}
