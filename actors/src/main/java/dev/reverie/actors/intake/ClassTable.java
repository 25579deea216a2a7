package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassNotification;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/** The classes of a service by name and by index. Not thread safe. */
final class ClassTable {

    private final Map<String, ClassEntry> byName = new HashMap<>();
    private final Map<Integer, ClassEntry> byLabel = new TreeMap<>();

    void add(ClassEntry entry) {
        byName.put(entry.name(), entry);
        byLabel.put(entry.label(), entry);
    }

    void remove(ClassEntry entry) {
        byName.remove(entry.name());
        byLabel.remove(entry.label());
    }

    Optional<ClassEntry> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<ClassEntry> at(int label) {
        return Optional.ofNullable(byLabel.get(label));
    }

    int count() {
        return byName.size();
    }

    /** All classes in the order of first arrival. */
    Collection<ClassEntry> all() {
        return byLabel.values();
    }

    boolean allSettled() {
        return byLabel.values().stream().allMatch(ClassEntry::isSettled);
    }

    /** Handles of the classes that have durable samples or cannot be read. */
    List<ClassHandle> handles() {
        return byLabel.values().stream()
                .filter(ClassEntry::isKnown)
                .map(ClassEntry::handle)
                .toList();
    }

    /**
     * Makes all samples and learned images durable; waits for classes that cannot use the store for now. Completes with
     * the names of the classes that cannot be saved, because their rows were damaged since they were read.
     */
    CompletionStage<List<String>> saveAll(Scheduler scheduler) {
        List<ClassEntry> changed =
                byLabel.values().stream().filter(ClassEntry::hasRecovered).toList();
        List<String> unsaved = changed.stream()
                .filter(ClassEntry::isDamaged)
                .map(ClassEntry::name)
                .toList();
        return Asks.all(changed.stream()
                        .filter(entry -> !entry.isDamaged())
                        .map(entry -> entry.<Done>ask(ClassCommand.Save::new, scheduler)
                                .exceptionally(forgotten -> Done.getInstance()))
                        .toList())
                .thenApply(saved -> unsaved);
    }

    /** Counts classes, samples and images, and names the classes that cannot use the store. */
    ClassNotification.StoreLoaded summary(Instant now) {
        return new ClassNotification.StoreLoaded(
                count(),
                byLabel.values().stream().mapToLong(ClassEntry::durable).sum(),
                byLabel.values().stream().mapToLong(ClassEntry::reservoirSize).sum(),
                byLabel.values().stream()
                        .filter(entry -> entry.isFailing(now))
                        .map(ClassEntry::name)
                        .toList());
    }
}
