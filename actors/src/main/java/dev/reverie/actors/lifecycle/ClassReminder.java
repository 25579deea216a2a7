package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** What a {@link DurableClassActor} reminds itself to do. All of it waits while the store is read-only. */
sealed interface ClassReminder extends ClassMessage, NoSerializationVerificationNeeded {

    /** Persists the learned images. */
    record SaveDue() implements ClassReminder {}

    /**
     * Deletes the real images of a sealed class from the store, which a kill or a failure may have prevented before.
     */
    record Compact() implements ClassReminder {}

    /** Compacts after a pause, because the last attempt has failed. */
    record CompactLater() implements ClassReminder {}

    /** Processes the postponed commands. */
    record Resume() implements ClassReminder {}
}
