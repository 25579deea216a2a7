package dev.reverie.actors.store;

import dev.reverie.actors.serialization.UnreadableDataException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The damage that a {@link StoreAudit} has found. Immutable.
 *
 * @param reasons what is wrong with the rows of an actor, by persistence id, in the order of the ids; empty if all rows
 *     are whole
 */
public record StoreDamage(Map<String, String> reasons) {

    /** All rows are whole. */
    public static final StoreDamage NONE = new StoreDamage(Map.of());

    public StoreDamage {
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    /**
     * Requires that all rows are whole.
     *
     * @param store name of the store for messages to users
     * @throws StoreException if rows are damaged; {@link StoreFailure} classifies it so
     */
    void requireNone(String store) {
        if (!reasons.isEmpty()) {
            String actors = String.join(", ", reasons.keySet());
            throw new StoreException(
                    "the store " + store + " has damaged rows of " + actors
                            + ": restore it from a backup, or stop the service and export the rest with 'reverie store"
                            + " export --skip-damaged'",
                    new UnreadableDataException("damaged rows of " + actors));
        }
    }

    /** What is wrong with the rows of an actor; empty if they are whole. */
    public Optional<String> of(String persistenceId) {
        return Optional.ofNullable(reasons.get(persistenceId));
    }
}
