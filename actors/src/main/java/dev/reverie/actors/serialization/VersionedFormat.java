package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The binary format of one type: writes one version, and reads all versions up to the newest one. Every change to the
 * layout requires a new version; every version ever written stays readable. During a rolling upgrade, nodes read what
 * those of the next release write. So a release can read a new version first, and the next one writes it.
 *
 * @param name name of the type in manifests, without a colon, never reused
 * @param version the version that is written, at least 1
 * @param newest the newest version that is read, at least {@code version}
 */
public record VersionedFormat<T>(
        String name, int version, int newest, Class<T> type, Writer<T> writer, Reader<T> reader) {

    public VersionedFormat {
        if (name.contains(":")) {
            throw new IllegalArgumentException("the name of format " + name + " contains a colon");
        }
        if (version < 1 || newest < version) {
            throw new IllegalArgumentException(
                    "format " + name + " writes version " + version + " and reads up to " + newest);
        }
    }

    /** Writes a value in the current version. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(Output output, T value);
    }

    /** Reads a value of any version from 1 to the newest one. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Input input, int version);
    }

    /** Creates a format that reads no version newer than the one that it writes. */
    public VersionedFormat(String name, int version, Class<T> type, Writer<T> writer, Reader<T> reader) {
        this(name, version, version, type, writer, reader);
    }

    /** Creates the format of a type that has had only one layout so far. */
    public static <T> VersionedFormat<T> of(String name, Class<T> type, Writer<T> writer, Function<Input, T> reader) {
        return new VersionedFormat<>(name, 1, type, writer, (input, version) -> reader.apply(input));
    }

    /**
     * Returns formats by a property.
     *
     * @throws IllegalArgumentException if two formats have the same property
     */
    static <K> Map<K, VersionedFormat<?>> by(
            Function<VersionedFormat<?>, K> property, Collection<VersionedFormat<?>> formats) {
        Map<K, VersionedFormat<?>> found = new HashMap<>();
        for (VersionedFormat<?> format : formats) {
            VersionedFormat<?> other = found.putIfAbsent(property.apply(format), format);
            if (other != null) {
                throw new IllegalArgumentException("the formats " + other.describe() + " and " + format.describe()
                        + " collide: give each type one format, with a name that no other format has");
            }
        }
        return Map.copyOf(found);
    }

    private String describe() {
        return manifest() + " of " + type.getName();
    }

    String manifest() {
        return name + ":" + version;
    }
}
