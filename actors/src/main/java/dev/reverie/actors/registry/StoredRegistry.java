package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.KryoSerializer;
import dev.reverie.actors.serialization.StoredFormats;
import dev.reverie.actors.serialization.UnreadableDataException;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreSnapshot;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** Reads the class registry from its rows, and adds rows to it, while no service uses the store. */
public final class StoredRegistry {

    private static final StoredFormats FORMATS = new StoredFormats(ClassRegistryFormats.stored());

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
            Object value = FORMATS.read(row.payload().toArrayUnsafe(), row.manifest());
            if (value instanceof ClassRegistryState snapshot) {
                registry = snapshot;
                last = row.sequenceNumber();
            } else if (value instanceof ClassRegistryEvent event && row.sequenceNumber() > last) {
                registry = registry.after(event);
            }
        }
        return registry;
    }

    /**
     * Computes the registry like {@link #of(List)}.
     *
     * @param store name of the store for messages to users
     * @throws StoreException if a row is damaged or has a later format; the message says what to do
     */
    public static ClassRegistryState of(List<StoredRow> rows, String store) {
        try {
            return of(rows);
        } catch (UnreadableDataException unreadable) {
            throw new StoreException(
                    "the list of classes in the store " + store + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /**
     * Shape of the images in a store; empty if it has no class, or if its list of classes is damaged.
     *
     * @throws StoreException if the list of classes cannot be read
     */
    public static Optional<ImageShape> shapeIn(Store store) {
        String registry = ClassRegistryActor.PERSISTENCE_ID.id();
        if (store.damage().of(registry).isPresent()) {
            return Optional.empty();
        }
        try (StoreSnapshot snapshot = store.snapshotOfWholeRows((_, _) -> {})) {
            return of(snapshot.rows(registry), snapshot.name()).shape();
        }
    }

    /**
     * Returns the rows that follow these if classes are forgotten. The next service on the store completes the removal.
     *
     * @param rows all rows of the registry, first its snapshots and then its events, both in order
     * @param indices indices of current classes
     * @param written time of the new rows
     */
    public static List<StoredRow> forgetting(List<StoredRow> rows, Collection<Integer> indices, Instant written) {
        long next = rows.stream().mapToLong(StoredRow::sequenceNumber).max().orElse(0) + 1;
        List<StoredRow> added = new ArrayList<>();
        for (int index : indices) {
            ClassRegistryEvent event = new ClassRegistryEvent.ForgettingStarted(index);
            added.add(new StoredRow.Event(
                    ClassRegistryActor.PERSISTENCE_ID.id(),
                    next++,
                    false,
                    "export",
                    written.toEpochMilli(),
                    "",
                    KryoSerializer.IDENTIFIER,
                    FORMATS.manifest(event),
                    ByteString.fromArrayUnsafe(FORMATS.write(event))));
        }
        return added;
    }
}
