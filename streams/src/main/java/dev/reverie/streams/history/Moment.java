package dev.reverie.streams.history;

import java.time.Instant;
import java.util.List;

/**
 * The memory at one moment.
 *
 * @param number grows from moment to moment
 * @param innerLoops over the life of the store
 * @param classes those with images, in the order of first arrival
 */
public record Moment(long number, Instant at, long innerLoops, List<ClassPicture> classes) {

    public Moment {
        classes = List.copyOf(classes);
    }

    Moment without(String label) {
        return new Moment(
                number,
                at,
                innerLoops,
                classes.stream()
                        .filter(picture -> !picture.label().equals(label))
                        .toList());
    }
}
