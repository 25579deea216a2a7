package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
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

    /**
     * The stored images of one class at one point in time, as one PNG.
     *
     * @param name hexadecimal digest of the images, so equal images have equal names
     * @param png content of the PNG file; must not be modified
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by name
    public record ClassPicture(
            String label,
            @JsonProperty("picture") String name,
            @JsonIgnore byte[] png) {

        @Override
        public boolean equals(Object other) {
            return other instanceof ClassPicture picture && picture.label.equals(label) && picture.name.equals(name);
        }

        @Override
        public int hashCode() {
            return 31 * label.hashCode() + name.hashCode();
        }
    }
}
