package dev.reverie.actors.registry;

import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.serialization.UnreadableDataException;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares the list of classes with the rows of a store.
 *
 * @param registry the list of classes in the store
 * @param damage the damaged rows of the store
 */
public record RegistryCheck(ClassRegistryState registry, StoreDamage damage) {

    private static final String REGISTRY = ClassRegistryActor.PERSISTENCE_ID.id();

    /**
     * Reads the list of classes in a snapshot of a store.
     *
     * @param damage the known damage of the snapshot, and all its actors
     * @throws StoreException if the list of classes is damaged or has a later format, or lacks a class that has rows
     */
    public static RegistryCheck of(StoreSnapshot snapshot, StoreDamage damage) {
        RegistryCheck check = new RegistryCheck(StoredRegistry.of(snapshot.rows(REGISTRY), snapshot.name()), damage);
        Optional<String> reason =
                damage.of(REGISTRY).or(() -> check.unregistered().map(id -> "it lacks " + id + ", which has rows"));
        if (reason.isPresent()) {
            throw new StoreException(
                    "the list of classes in the store " + snapshot.name()
                            + " is damaged: restore the store from a backup",
                    new UnreadableDataException(reason.get()));
        }
        return check;
    }

    /**
     * Requires that no class has lost all of its rows, and that the list of classes names every class that has rows.
     * Does not verify the content of rows.
     *
     * @throws StoreException if rows are missing
     */
    public static void requireNoneMissing(StoreSnapshot snapshot) {
        of(snapshot, new StoreDamage(Map.of(), Set.copyOf(snapshot.actors())))
                .allDamage()
                .requireNone(snapshot.name());
    }

    /**
     * Persistence id of a class that has whole rows although the registry has not assigned its index; empty if there is
     * none. If there is one, the registry has lost its last events.
     */
    public Optional<String> unregistered() {
        return damage.wholeActors().stream()
                .filter(id -> ClassPersistenceId.indexOf(id).stream().anyMatch(registry::isUnassigned))
                .sorted()
                .findFirst();
    }

    /** What is wrong with the rows of a class; empty if they are whole. */
    public Optional<String> damageOf(int index) {
        String id = ClassPersistenceId.of(index).id();
        boolean isLost = registry.isPopulated(index) && !damage.actors().contains(id);
        return damage.of(id).or(() -> isLost ? Optional.of("all of its rows are missing") : Optional.empty());
    }

    /** The damaged rows of the store, and the classes whose rows are all missing. */
    public StoreDamage allDamage() {
        Map<String, String> reasons = new TreeMap<>(damage.reasons());
        damagedClasses()
                .forEach((index, reason) ->
                        reasons.put(ClassPersistenceId.of(index).id(), reason));
        return new StoreDamage(reasons, damage.actors());
    }

    /** What is wrong with the rows of each current class, by index; empty if all are whole. */
    public SortedMap<Integer, String> damagedClasses() {
        SortedMap<Integer, String> damaged = new TreeMap<>();
        registry.names().keySet().forEach(index -> damageOf(index).ifPresent(reason -> damaged.put(index, reason)));
        return damaged;
    }
}
