package dev.reverie.streams.history;

import java.time.Instant;
import java.util.List;

/**
 * The memory at one point in time.
 *
 * @param number number of the moment; later moments have higher numbers
 * @param innerLoops number of inner loops completed over the life of the store
 * @param classes pictures of the classes that had images, in the order of first arrival
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
