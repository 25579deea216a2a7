package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.Retention;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the real images of a sealed class from the store: the class has dropped them, but the events before its
 * snapshot still contain them.
 *
 * @param self the actor of the class, which is reminded to compact its journal after a failure
 * @param system the actor system
 * @param name name of the class in messages
 * @param persistenceId persistence id of the class
 */
record RealImageDeletion(
        ActorRef<ClassMessage> self, ActorSystem<?> system, Retention retention, String name, String persistenceId) {

    private static final Logger LOG = LoggerFactory.getLogger(RealImageDeletion.class);
    static final Duration PAUSE = Duration.ofSeconds(30);

    /**
     * Deletes the events before a durable snapshot.
     *
     * @param snapshotNumber sequence number of the snapshot
     */
    void deleteBefore(long snapshotNumber) {
        retention.trim(persistenceId, snapshotNumber).whenComplete((_, failure) -> {
            if (failure != null) {
                retryAfter(failure);
            }
        });
    }

    /**
     * Tries again later, because a sealed class hardly ever takes another snapshot.
     *
     * @param failure failure of the deletion, or of the snapshot that must precede it
     */
    void retryAfter(Throwable failure) {
        LOG.warn(
                "Could not delete the real images of the sealed class '{}' from the store: {}. The service tries again"
                        + " in {} s.",
                name,
                failure.toString(),
                PAUSE.toSeconds());
        system.scheduler().scheduleOnce(PAUSE, () -> self.tell(new ClassReminder.Compact()), system.executionContext());
    }
}
