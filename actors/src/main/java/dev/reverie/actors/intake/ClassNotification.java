package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassInfo;
import java.util.List;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/**
 * A notification to the subscribers of the intake: a class was added, changed phase or was forgotten, or the service
 * has finished reading its store.
 */
public sealed interface ClassNotification extends NoSerializationVerificationNeeded {

    /** A class has its first durable images. A new subscriber gets one such notification per existing class. */
    record ClassAdded(OpenClass added) implements ClassNotification {}

    /** A class has entered another phase. */
    record PhaseChanged(ClassInfo info) implements ClassNotification {}

    record ClassForgotten(int classIndex) implements ClassNotification {}

    /**
     * The service has read its store.
     *
     * @param classes number of classes
     * @param samples number of samples accepted so far, in the classes that could be read
     * @param images number of images in the reservoirs of these classes
     * @param failing names of the classes that cannot be read from or written to the store, for example because their
     *     data is damaged; the other classes work as usual
     */
    record StoreLoaded(int classes, long samples, long images, List<String> failing) implements ClassNotification {
        public StoreLoaded {
            failing = List.copyOf(failing);
        }
    }
}
