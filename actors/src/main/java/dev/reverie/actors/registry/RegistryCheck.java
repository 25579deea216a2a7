package dev.reverie.actors.registry;

import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.store.StoreDamage;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares the list of classes with the rows of a store.
 *
 * @param registry the list of classes in the store
 * @param damage the damaged rows of the store
 */
public record RegistryCheck(ClassRegistryState registry, StoreDamage damage) {

    /**
     * Persistence id of a class that has whole rows, although its index is not assigned, so that the registry must have
     * lost its last events; empty if there is none.
     */
    public Optional<String> unregistered() {
        return damage.wholeActors().stream()
                .filter(id -> ClassPersistenceId.labelOf(id).stream().anyMatch(registry::isUnassigned))
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
