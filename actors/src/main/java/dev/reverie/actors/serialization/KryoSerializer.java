package dev.reverie.actors.serialization;

import java.util.ServiceLoader;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Serialises all {@link Transferable} values for Pekko with the streams of Kryo. Only the types for which the
 * {@link FormatProvider}s have formats are allowed, so the bytes do not depend on class names or on the order of
 * fields. The manifest is the name of the format and its version, as in {@code samples-admitted:1}; the bytes are the
 * CRC32C of the body (4 bytes, big-endian), followed by the body. Thread safe.
 */
public final class KryoSerializer extends SerializerWithStringManifest {

    /** This number is stored in every row, like the manifest, so it must never change. */
    public static final int IDENTIFIER = 52_837;

    private final StoredFormats formats;

    /** Creates the serializer; called by Pekko. */
    public KryoSerializer(ExtendedActorSystem system) {
        Layouts layouts = Layouts.BASIC.withActors(system);
        this.formats = new StoredFormats(
                ServiceLoader.load(FormatProvider.class, KryoSerializer.class.getClassLoader()).stream()
                        .<VersionedFormat<?>>flatMap(provider -> provider.get().formats(layouts).stream())
                        .toList());
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object value) {
        return formats.manifest(value);
    }

    @Override
    public byte[] toBinary(Object value) {
        return formats.write(value);
    }

    /**
     * Reads bytes that {@link #toBinary} wrote, in any version that their format reads.
     *
     * @throws UnreadableDataException if the bytes are damaged, or their format is unknown or too new
     */
    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws UnreadableDataException {
        return formats.read(bytes, manifest);
    }
}
