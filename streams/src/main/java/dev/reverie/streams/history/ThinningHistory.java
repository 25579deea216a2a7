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
 * As many moments as there is room for, the closer together the more recent they are. Equal pictures of neighbouring
 * moments are held once. Thread safe.
 */
final class ThinningHistory {

    private final int most;
    private final long mostBytes;
    private final List<HistoryEntry> kept = new ArrayList<>();
    private long forgotten;

    /**
     * Without any yet.
     *
     * @param most moments, at least 2
     * @param mostBytes of pictures; the latest moment is kept even if it has more
     */
    ThinningHistory(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    synchronized List<HistoryEntry> all() {
        return List.copyOf(kept);
    }

    synchronized Optional<HistoryEntry> latest() {
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.getLast());
    }

    /** How many classes were forgotten so far. */
    synchronized long forgotten() {
        return forgotten;
    }

    /**
     * Adds a moment, unless a class was forgotten since it was looked at: it may still show it.
     *
     * @param forgottenThen how many classes had been forgotten when it was looked at
     */
    synchronized void add(HistoryEntry moment, long forgottenThen) {
        if (forgotten != forgottenThen) {
            return;
        }
        kept.add(moment);
        while (kept.size() > most || (kept.size() > 1 && bytes() > mostBytes)) {
            kept.remove(leastMissed(moment.at()));
        }
    }

    synchronized void forget(String label) {
        forgotten++;
        kept.replaceAll(moment -> moment.without(label));
    }

    synchronized Optional<ClassImagesThen> picture(String name) {
        return kept.reversed().stream()
                .flatMap(moment -> moment.classes().stream())
                .filter(picture -> picture.name().equals(name))
                .findFirst();
    }

    private long bytes() {
        Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.forEach(moment -> moment.classes().forEach(picture -> distinct.add(picture.png())));
        return distinct.stream().mapToLong(png -> png.length).sum();
    }

    /** The one between neighbours that are close together for their age; never the latest. */
    private int leastMissed(Instant now) {
        return IntStream.range(1, kept.size() - 1)
                .boxed()
                .min((a, b) -> Double.compare(gap(a, now), gap(b, now)))
                .orElse(0);
    }

    private double gap(int index, Instant now) {
        Duration between =
                Duration.between(kept.get(index - 1).at(), kept.get(index + 1).at());
        Duration age = Duration.between(kept.get(index).at(), now);
        return between.toMillis() / (double) Math.max(1, age.toMillis());
    }
}
