package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.StoredValueReader;
import dev.reverie.actors.serialization.UnreadableDataException;
import dev.reverie.actors.store.StoredRow;
import java.util.List;

/** Reads the class registry from its rows, while no service uses the store. */
public final class StoredRegistry {

    private static final StoredValueReader VALUES = new StoredValueReader(ClassRegistryFormats.stored());

    private StoredRegistry() {}

    /**
     * Computes the registry.
     *
     * @param rows all rows of the registry, first its snapshots and then its events, both in order
     * @throws UnreadableDataException if a row is damaged or has a later format
     */
    public static ClassRegistryState of(List<StoredRow> rows) throws UnreadableDataException {
        ClassRegistryState registry = ClassRegistryState.EMPTY;
        long last = 0;
        for (StoredRow row : rows) {
            Object value = VALUES.read(row.payload().toArrayUnsafe(), row.manifest());
            if (value instanceof ClassRegistryState snapshot) {
                registry = snapshot;
                last = row.sequenceNumber();
            } else if (value instanceof ClassRegistryEvent event && row.sequenceNumber() > last) {
                registry = registry.after(event);
            }
        }
        return registry;
    }
}
