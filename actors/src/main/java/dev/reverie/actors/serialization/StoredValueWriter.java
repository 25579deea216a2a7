package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Writes values as {@link KryoSerializer} does, without an actor system. Immutable. */
public final class StoredValueWriter {

    private static final int INITIAL_BUFFER_SIZE = 4096;

    private final Map<Class<?>, VersionedFormat<?>> byType;

    /**
     * Creates an instance that knows these formats.
     *
     * @throws IllegalArgumentException if two formats have the same type
     */
    public StoredValueWriter(Collection<VersionedFormat<?>> formats) {
        byType = VersionedFormat.by(VersionedFormat::type, formats);
    }

    /** Name and version of the format of a value. */
    public String manifest(Object value) {
        return formatOf(value).manifest();
    }

    /** The bytes of a value, which {@link StoredValueReader} reads. */
    public byte[] write(Object value) {
        return write(formatOf(value), value);
    }

    private static <T> byte[] write(VersionedFormat<T> format, Object value) {
        try (Output output = new Output(INITIAL_BUFFER_SIZE, -1)) {
            output.writeInt(0);
            format.writer().write(output, format.type().cast(value));
            byte[] bytes = output.toBytes();
            ByteBuffer.wrap(bytes).putInt(StoredValueReader.checksum(bytes));
            return bytes;
        }
    }

    private VersionedFormat<?> formatOf(Object value) {
        return Optional.<VersionedFormat<?>>ofNullable(byType.get(value.getClass()))
                .orElseThrow(() -> new IllegalArgumentException(value.getClass().getName()
                        + " has no format, so it can be neither stored nor sent: add one to a FormatProvider"));
    }
}
