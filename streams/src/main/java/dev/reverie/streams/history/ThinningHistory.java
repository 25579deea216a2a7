package dev.reverie.streams.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A bounded list of history entries, in which recent entries are closer together in time than old ones. Thread safe.
 */
final class ThinningHistory {

    private final int maxEntries;
    private final long maxBytes;
    private final List<HistoryEntry> entries = new ArrayList<>();
    private long forgotten;

    /**
     * Creates an empty history.
     *
     * @param maxEntries maximum number of entries, at least 2
     * @param maxBytes maximum size of all pictures together; the latest entry stays even if it exceeds this limit
     */
    ThinningHistory(int maxEntries, long maxBytes) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    synchronized List<HistoryEntry> all() {
        return List.copyOf(entries);
    }

    synchronized Optional<HistoryEntry> latest() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
    }

    /** Returns the number of classes forgotten so far. */
    synchronized long forgotten() {
        return forgotten;
    }

    /**
     * Adds an entry, unless a class was forgotten while the entry was being created: the entry may still contain that
     * class.
     *
     * @param forgottenThen number of classes that had been forgotten when the creation of the entry began
     * @return whether the entry was added
     */
    synchronized boolean add(HistoryEntry entry, long forgottenThen) {
        if (forgotten != forgottenThen) {
            return false;
        }
        entries.add(entry);
        while (entries.size() > maxEntries || (entries.size() > 1 && bytes() > maxBytes)) {
            entries.remove(mostRedundant(entry.at()));
        }
        return true;
    }

    synchronized void forget(String label) {
        forgotten++;
        entries.replaceAll(entry -> entry.without(label));
    }

    synchronized Optional<ClassPicture> picture(String name) {
        return entries.reversed().stream()
                .flatMap(entry -> entry.classes().stream())
                .filter(picture -> picture.name().equals(name))
                .findFirst();
    }

    private long bytes() {
        Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        entries.forEach(entry -> entry.classes().forEach(picture -> distinct.add(picture.png())));
        return distinct.stream().mapToLong(png -> png.length).sum();
    }

    /**
     * Returns the index of the entry whose neighbours are closest together in time relative to its age; never the
     * latest entry.
     */
    private int mostRedundant(Instant now) {
        return IntStream.range(1, entries.size() - 1)
                .boxed()
                .min((a, b) -> Double.compare(gap(a, now), gap(b, now)))
                .orElse(0);
    }

    private double gap(int index, Instant now) {
        Duration between = Duration.between(
                entries.get(index - 1).at(), entries.get(index + 1).at());
        Duration age = Duration.between(entries.get(index).at(), now);
        return between.toMillis() / (double) Math.max(1, age.toMillis());
    }
}
