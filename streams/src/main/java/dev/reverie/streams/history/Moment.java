package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The memory at one point in time.
 *
 * @param number number of the moment; later moments have higher numbers
 * @param innerLoops number of inner loops completed over the life of the store
 * @param classes pictures of the classes that had images, in the order of first arrival
 */
public record Moment(long number, Instant at, long innerLoops, List<ClassPicture> classes)
        implements Timeline.Entry<Moment> {

    public Moment {
        classes = List.copyOf(classes);
    }

    /** Returns the size of the pictures of some moments together; these share an unchanged picture. */
    static long bytes(List<Moment> moments) {
        Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        moments.forEach(moment -> moment.classes().forEach(picture -> distinct.add(picture.png())));
        return distinct.stream().mapToLong(png -> png.length).sum();
    }

    @Override
    public Set<String> labels() {
        return classes.stream().map(ClassPicture::label).collect(Collectors.toSet());
    }

    @Override
    public Moment without(String label) {
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
