package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.List;

/** Tells the subscribers of the intake that a class was added, changed its phase or was forgotten. */
public sealed interface ClassNotification extends Transferable {

    /** A class has its first durable images. New subscribers get one for each existing class. */
    record ClassAdded(ClassHandle handle) implements ClassNotification {}

    /** A class entered another phase. */
    record PhaseChanged(int label, ClassPhase phase) implements ClassNotification {}

    /** A class was forgotten. */
    record ClassForgotten(int label) implements ClassNotification {}

    /**
     * The service has read its store.
     *
     * @param samples accepted so far, of the classes that could be read
     * @param images in their reservoirs
     * @param unreadable names of the classes that are damaged or could not be read; the others work as usual
     */
    record StoreLoaded(int classes, long samples, long images, List<String> unreadable) implements ClassNotification {
        public StoreLoaded {
            unreadable = List.copyOf(unreadable);
        }
    }
}
