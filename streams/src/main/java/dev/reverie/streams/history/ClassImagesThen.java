package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The stored images of one class at one moment.
 *
 * @param name of the picture: equal for equal pictures of equal size; hexadecimal digits
 * @param png not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // compared by name
public record ClassImagesThen(String label, @JsonProperty("picture") String name, @JsonIgnore byte[] png) {

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassImagesThen picture && picture.label.equals(label) && picture.name.equals(name);
    }

    @Override
    public int hashCode() {
        return 31 * label.hashCode() + name.hashCode();
    }
}
