package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.lifecycle.ClassCommand;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/** The classes of a service by name and by index. Not thread safe. */
final class ClassTable {

    private final Map<String, ClassEntry> byLabel = new HashMap<>();
    private final Map<Integer, ClassEntry> byIndex = new TreeMap<>();
    /** What the classes show; empty if one has changed since. Health checks, which need no token, ask for it often. */
    private Optional<Contents> contents = Optional.empty();

    /**
     * What the classes show.
     *
     * @param known the classes that have durable samples or cannot be read
     * @param samples number of durable samples
     * @param images number of images in the reservoirs
     * @param failed classes that have failed, some of them perhaps so long ago that they do not count as failing
     */
    private record Contents(List<OpenClass> known, long samples, long images, List<ClassEntry> failed) {}

    void add(ClassEntry entry) {
        byLabel.put(entry.label(), entry);
        byIndex.put(entry.index(), entry);
        entry.onChange(this::dropContents);
        dropContents();
    }

    void remove(ClassEntry entry) {
        byLabel.remove(entry.label());
        byIndex.remove(entry.index());
        dropContents();
    }

    private void dropContents() {
        contents = Optional.empty();
    }

    private Contents contents() {
        Contents current = contents.orElseGet(this::readContents);
        contents = Optional.of(current);
        return current;
    }

    private Contents readContents() {
        return new Contents(
                all().stream()
                        .filter(ClassEntry::isKnown)
                        .map(ClassEntry::known)
                        .collect(Collectors.toUnmodifiableList()),
                all().stream().mapToLong(entry -> entry.info().seen()).sum(),
                all().stream().mapToLong(entry -> entry.info().reservoir()).sum(),
                all().stream().filter(ClassEntry::hasFailed).toList());
    }

    Optional<ClassEntry> named(String label) {
        return Optional.ofNullable(byLabel.get(label));
    }

    Optional<ClassEntry> at(int index) {
        return Optional.ofNullable(byIndex.get(index));
    }

    int count() {
        return byLabel.size();
    }

    /** All classes in the order of first arrival. */
    Collection<ClassEntry> all() {
        return byIndex.values();
    }

    boolean allSettled() {
        return byIndex.values().stream().allMatch(ClassEntry::isSettled);
    }

    /** The classes that have durable samples or cannot be read. */
    List<OpenClass> known() {
        return contents().known();
    }

    /**
     * Makes all samples and learned images of some classes durable; waits for those that cannot use the store for now.
     * Completes with the names of the classes that cannot be saved, because their rows were damaged since they were
     * read, or because their actors have stopped.
     *
     * @param wanted whether a class, given by its index, is saved
     */
    CompletionStage<List<String>> save(IntPredicate wanted, Scheduler scheduler) {
        return Asks.all(byIndex.values().stream()
                        .filter(entry -> entry.hasRecovered() && wanted.test(entry.index()))
                        .map(entry -> save(entry, scheduler))
                        .toList())
                .thenApply(unsaved -> unsaved.stream().flatMap(Optional::stream).toList());
    }

    /** Completes with the name of a class that cannot be saved; empty if it is saved or was forgotten. */
    private static CompletionStage<Optional<String>> save(ClassEntry entry, Scheduler scheduler) {
        Optional<String> unsaved = Optional.of(entry.label());
        return entry.isDamaged()
                ? CompletableFuture.completedStage(unsaved)
                : entry.<Done>ask(ClassCommand.Save::new, scheduler)
                        .handle((_, failure) -> unsaved.filter(_ -> failure != null && !entry.isForgotten()));
    }

    /** Counts classes, samples and images, and names the classes that cannot use the store. */
    ClassNotification.StoreLoaded summary(Instant now) {
        return new ClassNotification.StoreLoaded(
                count(),
                contents().samples(),
                contents().images(),
                contents().failed().stream()
                        .filter(entry -> entry.isFailing(now))
                        .map(ClassEntry::label)
                        .toList());
    }
}
