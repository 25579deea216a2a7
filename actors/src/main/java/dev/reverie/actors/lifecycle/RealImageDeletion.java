package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.Retention;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the real images of a sealed class from the store: the class has dropped them, but the events before its
 * snapshot still contain them.
 *
 * @param self the actor of the class, which is reminded to compact its journal if the deletion has failed
 * @param name name of the class in messages
 * @param persistenceId persistence id of the class
 */
record RealImageDeletion(ActorRef<ClassMessage> self, Retention retention, String name, String persistenceId) {

    private static final Logger LOG = LoggerFactory.getLogger(RealImageDeletion.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /**
     * Deletes the events before a durable snapshot. Tries again if that fails, because a sealed class hardly ever takes
     * another snapshot.
     *
     * @param snapshotNumber sequence number of the snapshot
     */
    void deleteBefore(long snapshotNumber) {
        retention.trim(persistenceId, snapshotNumber).whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "Could not delete the real images of the sealed class '{}' from the store: {}. The service"
                                + " tries again in {} s.",
                        name,
                        failure.toString(),
                        PAUSE.toSeconds());
                CompletableFuture.delayedExecutor(PAUSE.toSeconds(), TimeUnit.SECONDS)
                        .execute(() -> self.tell(new ClassReminder.Compact()));
            }
        });
    }
}
