package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.zip.CRC32C;

/** Reads values that {@link KryoSerializer} wrote, without an actor system. Immutable. */
public final class StoredValueReader {

    private final Map<String, VersionedFormat<?>> byName;

    /**
     * Creates an instance that knows these formats.
     *
     * @throws IllegalArgumentException if two formats have the same name
     */
    public StoredValueReader(Collection<VersionedFormat<?>> formats) {
        byName = VersionedFormat.by(VersionedFormat::name, formats);
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
        return read(bytes, manifest, format, version);
    }

    private static Object read(byte[] bytes, String manifest, VersionedFormat<?> format, int version)
            throws UnreadableDataException {
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
    static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
        return (int) checksum.getValue();
    }
}
