package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;

/** A report from the owner of a class to its supervisor: what the class is now, or that it does not work. */
public sealed interface ClassReport permits ClassInfo, ClassReport.Failed {

    int index();

    /** The store failed. The class recovers by itself, and accepts no samples until it publishes its next info. */
    record Failed(int index, StoreFailure failure, String detail) implements ClassReport, Transferable {}
}
