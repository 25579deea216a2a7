package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Function;

/**
 * How values of one type are written, and how those of this and every earlier version are read. A change of the layout
 * is a new version; bytes written once are read for ever.
 *
 * @param id number of the type in Kryo, from 16 on, never given to another one
 * @param name of the type in manifests, never given to another one, without a colon
 * @param version that is written, from 1 on
 */
public record VersionedFormat<T>(int id, String name, int version, Class<T> type, Writer<T> writer, Reader<T> reader) {

    /** Writes a value in the current version. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(Output output, T value);
    }

    /** Reads a value of any version from 1 to the current one. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Input input, int version);
    }

    /** A type that has had one layout so far. */
    public static <T> VersionedFormat<T> of(
            int id, String name, Class<T> type, Writer<T> writer, Function<Input, T> reader) {
        return new VersionedFormat<>(id, name, 1, type, writer, (input, version) -> reader.apply(input));
    }

    String manifest() {
        return name + ":" + version;
    }
}
