package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.serialization.Transferable;
import java.util.List;

/** What whoever follows the classes of a service is told. */
public sealed interface ClassNotification extends Transferable {

    /** A class has its first durable images, or had some when the news were asked for. */
    record Appeared(ClassHandle owner) implements ClassNotification {}

    /** A class is in another stage. */
    record Changed(int label, ClassPhase phase) implements ClassNotification {}

    /** A class was forgotten. */
    record Gone(int label) implements ClassNotification {}

    /**
     * The service has read its store.
     *
     * @param samples admitted, of the classes that could be read
     * @param images in their reservoirs
     * @param unreadable names of the classes that are damaged or could not be read; the others go on
     */
    record StoreRead(int classes, long samples, long images, List<String> unreadable) implements ClassNotification {
        public StoreRead {
            unreadable = List.copyOf(unreadable);
        }
    }
}
