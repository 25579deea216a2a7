package dev.reverie.actors.lifecycle;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the real images of a sealed class from the store: the class has dropped them, but the events before its
 * snapshot still contain them. Thread safe.
 */
final class RealImageDeletion {

    private static final Logger LOG = LoggerFactory.getLogger(RealImageDeletion.class);

    /** Time after which a failed deletion is tried again. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final ActorRef<ClassMessage> self;
    private final Retention retention;
    private final String name;
    private final String persistenceId;
    private final ThrottledWarning warning = new ThrottledWarning();

    /**
     * Creates a deletion that has not begun.
     *
     * @param self the actor of the class, which is reminded to compact its journal after a failure
     * @param name name of the class in messages
     * @param persistenceId persistence id of the class
     */
    RealImageDeletion(ActorRef<ClassMessage> self, Retention retention, String name, String persistenceId) {
        this.self = self;
        this.retention = retention;
        this.name = name;
        this.persistenceId = persistenceId;
    }

    /**
     * Deletes the events before a durable snapshot.
     *
     * @param snapshotNumber sequence number of the snapshot
     */
    void deleteBefore(long snapshotNumber) {
        retention.trim(persistenceId, snapshotNumber).whenComplete((_, failure) -> {
            if (failure == null) {
                warning.reset();
            } else {
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
        if (warning.isDue(StoreFailure.of(failure))) {
            LOG.warn(
                    "Could not delete the real images of the sealed class '{}' from the store: {}. The service tries"
                            + " again every {} s.",
                    name,
                    Asks.reasonOf(Asks.causeOf(failure)),
                    PAUSE.toSeconds());
        }
        self.tell(new ClassReminder.CompactLater());
    }
}
