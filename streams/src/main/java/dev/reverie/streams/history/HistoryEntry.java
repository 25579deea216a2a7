package dev.reverie.streams.history;

import java.time.Instant;
import java.util.List;

/**
 * The memory at one point in time.
 *
 * @param number grows from entry to entry
 * @param innerLoops over the life of the store
 * @param classes those with images, in the order of first arrival
 */
public record HistoryEntry(long number, Instant at, long innerLoops, List<ClassPicture> classes) {

    public HistoryEntry {
        classes = List.copyOf(classes);
    }

    HistoryEntry without(String label) {
        return new HistoryEntry(
                number,
                at,
                innerLoops,
                classes.stream()
                        .filter(picture -> !picture.label().equals(label))
                        .toList());
    }
}
