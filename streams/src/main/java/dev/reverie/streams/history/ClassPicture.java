package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

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
