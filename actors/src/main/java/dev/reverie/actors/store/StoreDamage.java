package dev.reverie.actors.store;

import dev.reverie.actors.serialization.UnreadableDataException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The damage that a {@link IntegrityCheck} has found. Immutable.
 *
 * @param reasons what is wrong with the rows of an actor, by persistence id, in the order of the ids; empty if all rows
 *     are whole
 * @param actors persistence ids of all actors that have rows
 */
public record StoreDamage(Map<String, String> reasons, Set<String> actors) {

    /** The damage of a store without rows. */
    public static final StoreDamage NONE = new StoreDamage(Map.of(), Set.of());

    private static final int NAMED_ACTORS = 5;

    public StoreDamage {
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
        actors = Set.copyOf(actors);
    }

    /** The actors that have rows, all of them whole. */
    public Set<String> wholeActors() {
        return actors.stream().filter(actor -> !reasons.containsKey(actor)).collect(Collectors.toSet());
    }

    /**
     * Requires that all rows are whole.
     *
     * @param store name of the store for messages to users
     * @throws StoreException if rows are damaged; {@link StoreFailure} classifies it so
     */
    public void requireNone(String store) {
        if (!reasons.isEmpty()) {
            String actors = describe(reasons.keySet());
            throw new StoreException(
                    "the store " + store + " has damaged rows of " + actors
                            + ": restore it from a backup, or stop the service and export the rest with 'reverie store"
                            + " export --skip-damaged'",
                    new UnreadableDataException("damaged rows of " + actors));
        }
    }

    /** What of this damage is that of some actors. */
    StoreDamage among(Collection<String> some) {
        Map<String, String> remaining = new TreeMap<>(reasons);
        remaining.keySet().retainAll(some);
        return new StoreDamage(remaining, actors);
    }

    private static String describe(Set<String> actors) {
        String first = actors.stream().limit(NAMED_ACTORS).collect(Collectors.joining(", "));
        return actors.size() > NAMED_ACTORS ? first + " and " + (actors.size() - NAMED_ACTORS) + " more" : first;
    }

    /** What is wrong with the rows of an actor; empty if they are whole. */
    public Optional<String> of(String persistenceId) {
        return Optional.ofNullable(reasons.get(persistenceId));
    }
}
