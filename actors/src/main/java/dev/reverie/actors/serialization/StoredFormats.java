package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Writes and reads values as {@link KryoSerializer} does, without an actor system. Immutable. */
public final class StoredFormats {

    private static final int INITIAL_BUFFER_SIZE = 4096;

    private final Map<Class<?>, VersionedFormat<?>> byType;
    private final Map<String, VersionedFormat<?>> byName;

    /**
     * Creates an instance that knows these formats.
     *
     * @throws IllegalArgumentException if two formats have the same type or the same name
     */
    public StoredFormats(Collection<VersionedFormat<?>> formats) {
        byType = VersionedFormat.by(VersionedFormat::type, formats);
        byName = VersionedFormat.by(VersionedFormat::name, formats);
    }

    /** Name and version of the format of a value. */
    public String manifest(Object value) {
        return formatOf(value).manifest();
    }

    /** The bytes of a value, which {@link #read} reads. */
    public byte[] write(Object value) {
        return write(formatOf(value), value);
    }

    private static <T> byte[] write(VersionedFormat<T> format, Object value) {
        try (Output output = new Output(INITIAL_BUFFER_SIZE, -1)) {
            output.writeInt(0);
            format.writer().write(output, format.type().cast(value));
            byte[] bytes = output.toBytes();
            ByteBuffer.wrap(bytes).putInt(checksum(bytes));
            return bytes;
        }
    }

    private VersionedFormat<?> formatOf(Object value) {
        return Optional.<VersionedFormat<?>>ofNullable(byType.get(value.getClass()))
                .orElseThrow(() -> new IllegalArgumentException(value.getClass().getName()
                        + " has no format, so it can be neither stored nor sent: add one to a FormatProvider"));
    }

    /**
     * Reads bytes that this or an earlier version of Reverie wrote, or a later one in a version that this one knows.
     *
     * @throws UnreadableDataException if the bytes are damaged, or their format is unknown or too new
     */
    public Object read(byte[] bytes, String manifest) throws UnreadableDataException {
        int colon = manifest.lastIndexOf(':');
        VersionedFormat<?> format = byName.get(colon < 0 ? manifest : manifest.substring(0, colon));
        if (format == null) {
            throw new UnreadableDataException(
                    "unknown data format '" + manifest + "': use the version of Reverie that wrote it");
        }
        int version = version(manifest.substring(colon + 1));
        if (version < 1 || version > format.newest()) {
            throw new UnreadableDataException("data format '" + manifest + "' is not supported, only versions up to "
                    + format.newest() + ": use the version of Reverie that wrote it");
        }
        if (bytes.length < Integer.BYTES || ByteBuffer.wrap(bytes).getInt() != checksum(bytes)) {
            throw new UnreadableDataException("data of format '" + manifest
                    + "' is damaged: its checksum does not match; restore the store from a backup");
        }
        try (Input input = new Input(bytes, Integer.BYTES, bytes.length - Integer.BYTES)) {
            return format.reader().read(input, version);
        } catch (RuntimeException failure) { // values that contradict each other fail in many ways
            throw new UnreadableDataException(
                    "data of format '" + manifest
                            + "' is damaged: it cannot be decoded; restore the store from a backup",
                    failure);
        }
    }

    private static int version(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    /** The CRC32C of the body, which begins after the first 4 bytes. */
    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
        return (int) checksum.getValue();
    }
}
