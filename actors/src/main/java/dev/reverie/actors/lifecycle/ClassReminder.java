package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** What a {@link DurableClassActor} reminds itself to do. All of it waits while the store is read-only. */
enum ClassReminder implements ClassMessage, NoSerializationVerificationNeeded {
    /** Persists the learned images. */
    SAVE_DUE,
    /**
     * Deletes the real images of a sealed class from the store, which a kill or a failure may have prevented before.
     */
    COMPACT,
    /** Compacts after a pause, because the last attempt has failed. */
    COMPACT_LATER,
    /** Processes the postponed commands. */
    RESUME
}
