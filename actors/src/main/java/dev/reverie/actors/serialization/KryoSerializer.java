package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import com.esotericsoftware.kryo.util.Pool;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.jspecify.annotations.Nullable;

/**
 * Kryo as Pekko's serializer of everything {@link Transferable}: only the types that the {@link FormatProvider}s
 * register, each with a serializer of its own and a fixed number, so that neither a class name nor the order of our
 * fields leaks into the bytes. The manifest is the name of the format and its version, as in
 * {@code samples-admitted:1}; the bytes are the CRC32C of the body (4 bytes, big-endian) and the body. Thread safe.
 */
public final class KryoSerializer extends SerializerWithStringManifest {

    /** Part of every stored row, like the names in the manifests. */
    private static final int IDENTIFIER = 52_837;

    private static final int KRYO_RESERVES = 16;
    private static final int FIRST_BUFFER = 4096;

    private final Map<Class<?>, VersionedFormat<?>> byType = new HashMap<>();
    private final Map<String, VersionedFormat<?>> byName = new HashMap<>();
    private final Pool<Kryo> kryos;

    /** Called by Pekko. */
    public KryoSerializer(ExtendedActorSystem system) {
        ActorRefs actors = new ActorRefs(system);
        Map<Integer, VersionedFormat<?>> byId = new HashMap<>();
        for (FormatProvider catalogue :
                ServiceLoader.load(FormatProvider.class, KryoSerializer.class.getClassLoader())) {
            for (VersionedFormat<?> format : catalogue.formats(actors)) {
                requireFree(format, byId.put(format.id(), format));
                requireFree(format, byName.put(format.name(), format));
                requireFree(format, byType.put(format.type(), format));
            }
        }
        this.kryos = new Pool<>(true, false) {
            @Override
            protected Kryo create() {
                Kryo kryo = new Kryo();
                kryo.setRegistrationRequired(true);
                kryo.setReferences(false);
                byName.values().forEach(format -> register(kryo, format));
                return kryo;
            }
        };
    }

    private static void requireFree(VersionedFormat<?> format, @Nullable VersionedFormat<?> taken) {
        if (taken != null || format.id() < KRYO_RESERVES || format.name().contains(":")) {
            throw new IllegalStateException("the format " + format.name() + " with number " + format.id()
                    + " needs a number from " + KRYO_RESERVES + " on, a name without a colon and a type of its own");
        }
    }

    private static <T> void register(Kryo kryo, VersionedFormat<T> format) {
        kryo.register(format.type(), new OfFormat<>(format), format.id());
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object value) {
        return formatOf(value).manifest();
    }

    @Override
    public byte[] toBinary(Object value) {
        formatOf(value);
        Kryo kryo = kryos.obtain();
        try (Output output = new Output(FIRST_BUFFER, -1)) {
            output.writeInt(0);
            kryo.writeObject(output, value);
            byte[] bytes = output.toBytes();
            ByteBuffer.wrap(bytes).putInt(checksum(bytes));
            return bytes;
        } finally {
            kryos.free(kryo);
        }
    }

    /**
     * Reads what {@link #toBinary} wrote, now or in an earlier version.
     *
     * @throws UnreadableDataException if the bytes are damaged, or their format is unknown or newer than this program
     */
    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws UnreadableDataException {
        int colon = manifest.lastIndexOf(':');
        VersionedFormat<?> format = byName.get(colon < 0 ? manifest : manifest.substring(0, colon));
        if (format == null) {
            throw new UnreadableDataException(
                    "this program knows no format '" + manifest + "': go on with the program that wrote it");
        }
        int version = version(manifest.substring(colon + 1));
        if (version < 1 || version > format.version()) {
            throw new UnreadableDataException("'" + format.name() + "' is in format " + manifest.substring(colon + 1)
                    + ", this program reads up to " + format.version() + ": go on with the program that wrote it");
        }
        if (bytes.length < Integer.BYTES || ByteBuffer.wrap(bytes).getInt() != checksum(bytes)) {
            throw new UnreadableDataException("the bytes of '" + manifest + "' are damaged");
        }
        return read(bytes, manifest, format, version);
    }

    private static Object read(byte[] bytes, String manifest, VersionedFormat<?> format, int version)
            throws UnreadableDataException {
        try (Input input = new Input(bytes, Integer.BYTES, bytes.length - Integer.BYTES)) {
            return format.reader().read(input, version);
        } catch (KryoException | IllegalArgumentException failure) {
            throw new UnreadableDataException("the bytes of '" + manifest + "' make no sense", failure);
        }
    }

    private static int version(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    private VersionedFormat<?> formatOf(Object value) {
        VersionedFormat<?> format = byType.get(value.getClass());
        if (format == null) {
            throw new IllegalArgumentException(
                    value.getClass().getName() + " is in no catalogue: it is neither stored nor sent");
        }
        return format;
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
        return (int) checksum.getValue();
    }

    /** Kryo's view of a format; what is read always comes with its version, which Kryo does not know. */
    private static final class OfFormat<T> extends ImmutableSerializer<T> {

        private final VersionedFormat<T> format;

        OfFormat(VersionedFormat<T> format) {
            this.format = format;
        }

        @Override
        public void write(Kryo kryo, Output output, T value) {
            format.writer().write(output, value);
        }

        @Override
        public T read(Kryo kryo, Input input, Class<? extends T> type) {
            return format.reader().read(input, format.version());
        }
    }
}
