package dev.reverie.actors.backup;

import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.Labels;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.serialization.UnreadableDataException;
import dev.reverie.actors.store.StoredRow;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The labels of the classes in a backup. Anybody may have written the backup, and other texts than labels could forge
 * lines of a log or paths of files. Not thread safe.
 */
final class BackupLabels {

    private static final String REGISTRY = ClassRegistryActor.PERSISTENCE_ID.id();

    /** The rows that a service would read: the last snapshot, and the events after it by their sequence numbers. */
    private Optional<StoredRow> snapshot = Optional.empty();

    private final NavigableMap<Long, StoredRow> events = new TreeMap<>();

    /** Adds a row of the backup. */
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
     * Checks the labels that a service would read from the rows.
     *
     * @throws BackupException if the name of a class is not a label, if two classes have the same, or if the rows
     *     contradict each other
     */
    void requireValid() {
        Set<String> labels = new HashSet<>();
        for (String name : names()) {
            if (!Labels.isLabel(name)) {
                throw new BackupException("the backup has a class whose name is not a label, so no service can have"
                        + " written it: use another backup");
            }
            if (!labels.add(name)) {
                throw new BackupException("the backup has two classes with the label " + name
                        + ", so no service can have written it: use another backup");
            }
        }
    }

    private Collection<String> names() {
        List<StoredRow> recovered =
                Stream.concat(snapshot.stream(), events.values().stream()).toList();
        try {
            return StoredRegistry.of(recovered).names().values();
        } catch (UnreadableDataException _) { // a service refuses the store and says so
            return List.of();
        } catch (IllegalArgumentException contradiction) {
            throw new BackupException(
                    "the backup has a list of classes that contradicts itself, so no service can have written it: use"
                            + " another backup",
                    contradiction);
        }
    }
}
