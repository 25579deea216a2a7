package dev.reverie.streams.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A bounded list of states of the service, in which recent states are closer together in time than old ones. Thread
 * safe.
 *
 * @param <E> type of the states
 */
final class Timeline<E extends Timeline.Entry<E>> {

    private final int maxEntries;
    private final long maxSize;
    private final ToLongFunction<List<E>> size;
    private List<E> entries = List.of();
    private long forgotten;

    /**
     * The state of the service, or a part of it, at one point in time.
     *
     * @param <E> the implementing type
     */
    interface Entry<E> {

        Instant at();

        /** Returns the labels of the classes that the state contains. */
        Set<String> labels();

        /** Returns the state without a class. */
        E without(String label);
    }

    /**
     * Creates an empty timeline.
     *
     * @param maxEntries maximum number of entries, at least 2
     * @param maxSize maximum size of all entries together; the latest entry stays even if it exceeds this limit
     */
    Timeline(int maxEntries, long maxSize, ToLongFunction<List<E>> size) {
        this.maxEntries = maxEntries;
        this.maxSize = maxSize;
        this.size = size;
    }

    /** Returns all entries, oldest first; the same list until they change. */
    synchronized List<E> all() {
        return entries;
    }

    Optional<E> latest() {
        List<E> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    Set<String> labels() {
        return all().stream().flatMap(entry -> entry.labels().stream()).collect(Collectors.toSet());
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
    synchronized boolean add(E entry, long forgottenThen) {
        if (forgotten != forgottenThen) {
            return false;
        }
        List<E> kept = new ArrayList<>(entries);
        kept.add(entry);
        while (kept.size() > maxEntries || (kept.size() > 1 && size.applyAsLong(kept) > maxSize)) {
            kept.remove(mostRedundant(kept));
        }
        entries = List.copyOf(kept);
        return true;
    }

    synchronized void forget(String label) {
        forgotten++;
        entries = entries.stream().map(entry -> entry.without(label)).toList();
    }

    /**
     * Returns the index of the entry whose neighbours are closest together in time relative to its age, but never that
     * of the latest; of two entries, that of the first.
     */
    private static int mostRedundant(List<? extends Entry<?>> entries) {
        return IntStream.range(1, entries.size() - 1)
                .boxed()
                .min((a, b) -> Double.compare(gap(entries, a), gap(entries, b)))
                .orElse(0);
    }

    private static double gap(List<? extends Entry<?>> entries, int index) {
        Instant time = entries.get(index).at();
        Duration between = Duration.between(
                entries.get(index - 1).at(), entries.get(index + 1).at());
        Duration age = Duration.between(time, entries.getLast().at());
        return between.toMillis() / (double) Math.max(1, age.toMillis());
    }
}
