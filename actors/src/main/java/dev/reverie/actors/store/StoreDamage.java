package dev.reverie.actors.store;

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

    /** What is wrong with the rows of an actor; empty if they are whole. */
    public Optional<String> of(String persistenceId) {
        return Optional.ofNullable(reasons.get(persistenceId));
    }
}
