package dev.reverie.actors.backup;

import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.Labels;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.serialization.UnreadableDataException;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The classes in a backup. Anybody may have written the backup: other texts than labels could forge lines of a log or
 * paths of files, and no service can use images that are too small for its factor. Not thread safe.
 */
final class BackupClasses {

    private static final String REGISTRY = ClassRegistryActor.PERSISTENCE_ID.id();

    /** The rows that a service would read: the last snapshot, and the events after it by their sequence numbers. */
    private Optional<StoredRow> snapshot = Optional.empty();

    private final NavigableMap<Long, StoredRow> events = new TreeMap<>();

    void add(StoredRow row) {
        if (!row.persistenceId().equals(REGISTRY) || isReplaced(row)) {
            return;
        }
        switch (row) {
            case StoredRow.Snapshot newer -> {
                snapshot = Optional.of(newer);
                events.headMap(newer.sequenceNumber(), true).clear();
            }
            case StoredRow.Event event -> {
                if (!event.deleted()) {
                    events.put(event.sequenceNumber(), event);
                }
            }
        }
    }

    private boolean isReplaced(StoredRow row) {
        return snapshot.filter(last -> row.sequenceNumber() <= last.sequenceNumber())
                .isPresent();
    }

    /**
     * Checks the classes that a service would read from the rows.
     *
     * @param factor multi-formation factor of all images, negative if their shape determines it; empty if the store has
     *     not been used
     * @throws BackupException if the name of a class is not a label, if two classes have the same, if their images are
     *     too small for the factor, or if the rows contradict each other
     */
    void requireValid(OptionalInt factor) {
        ClassRegistryState registry = registry();
        requireLabels(registry.names().values());
        factor.ifPresent(value -> registry.shape().ifPresent(shape -> requireCells(shape, value)));
    }

    private static void requireLabels(Collection<String> names) {
        Set<String> labels = new HashSet<>();
        for (String name : names) {
            if (Labels.of(name).filter(name::equals).isEmpty()) {
                throw new BackupException("the backup has a class whose name is not a label, so no service can have"
                        + " written it: use another backup");
            }
            if (!labels.add(name)) {
                throw new BackupException("the backup has two classes with the label " + name
                        + ", so no service can have written it: use another backup");
            }
        }
    }

    private static void requireCells(ImageShape shape, int factor) {
        if (factor > Math.min(shape.height(), shape.width())) {
            throw new BackupException("the backup has the factor " + factor + ", for which its " + shape
                    + " images are too small, so no service can have written it: use another backup");
        }
    }

    private ClassRegistryState registry() {
        List<StoredRow> recovered =
                Stream.concat(snapshot.stream(), events.values().stream()).toList();
        try {
            return StoredRegistry.of(recovered);
        } catch (UnreadableDataException _) { // a service refuses the store and says so
            return ClassRegistryState.EMPTY;
        } catch (IllegalArgumentException contradiction) {
            throw new BackupException(
                    "the backup has a list of classes that contradicts itself, so no service can have written it: use"
                            + " another backup",
                    contradiction);
        }
    }
}
