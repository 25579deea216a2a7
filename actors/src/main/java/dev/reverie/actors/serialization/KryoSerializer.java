package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import com.esotericsoftware.kryo.util.Pool;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.jspecify.annotations.Nullable;

/**
 * Serialises all {@link Transferable} values for Pekko with Kryo. Only the types that the {@link FormatProvider}s
 * register are allowed. Each type has its own serializer and a fixed number, so the bytes do not depend on class names
 * or on the order of fields. The manifest is the name of the format and its version, as in {@code samples-admitted:1};
 * the bytes are the CRC32C of the body (4 bytes, big-endian), followed by the body. Thread safe.
 */
public final class KryoSerializer extends SerializerWithStringManifest {

    /** This number is stored in every row, like the manifest, so it must never change. */
    public static final int IDENTIFIER = 52_837;

    private static final int FIRST_FREE_ID = 16;
    private static final int INITIAL_BUFFER_SIZE = 4096;

    private final Map<Class<?>, VersionedFormat<?>> byType = new HashMap<>();
    private final StoredValueReader reader;
    private final Pool<Kryo> kryos;

    /** Creates the serializer; called by Pekko. */
    public KryoSerializer(ExtendedActorSystem system) {
        ActorRefs actors = new ActorRefs(system);
        Map<Integer, VersionedFormat<?>> byId = new HashMap<>();
        Map<String, VersionedFormat<?>> byName = new HashMap<>();
        for (FormatProvider provider :
                ServiceLoader.load(FormatProvider.class, KryoSerializer.class.getClassLoader())) {
            for (VersionedFormat<?> format : provider.formats(actors)) {
                requireUnused(format, byId.put(format.id(), format));
                requireUnused(format, byName.put(format.name(), format));
                requireUnused(format, byType.put(format.type(), format));
            }
        }
        this.reader = new StoredValueReader(byName.values());
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

    private static void requireUnused(VersionedFormat<?> format, @Nullable VersionedFormat<?> taken) {
        if (taken != null || format.id() < FIRST_FREE_ID || format.name().contains(":")) {
            throw new IllegalStateException("format " + format.name() + " with number " + format.id()
                    + " needs a unique number of at least " + FIRST_FREE_ID
                    + ", a unique name without a colon and a unique type");
        }
    }

    private static <T> void register(Kryo kryo, VersionedFormat<T> format) {
        kryo.register(format.type(), new FormatSerializer<>(format), format.id());
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
        try (Output output = new Output(INITIAL_BUFFER_SIZE, -1)) {
            output.writeInt(0);
            kryo.writeObject(output, value);
            byte[] bytes = output.toBytes();
            ByteBuffer.wrap(bytes).putInt(StoredValueReader.checksum(bytes));
            return bytes;
        } finally {
            kryos.free(kryo);
        }
    }

    /**
     * Reads bytes that {@link #toBinary} wrote, in any version that their format reads.
     *
     * @throws UnreadableDataException if the bytes are damaged, or their format is unknown or too new
     */
    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws UnreadableDataException {
        return reader.read(bytes, manifest);
    }

    private VersionedFormat<?> formatOf(Object value) {
        VersionedFormat<?> format = byType.get(value.getClass());
        if (format == null) {
            throw new IllegalArgumentException(value.getClass().getName()
                    + " has no format, so it can be neither stored nor sent: add one to a FormatProvider");
        }
        return format;
    }

    /** Adapts a format to Kryo. Kryo has no versions, so the adapter writes and reads the current version. */
    private static final class FormatSerializer<T> extends ImmutableSerializer<T> {

        private final VersionedFormat<T> format;

        FormatSerializer(VersionedFormat<T> format) {
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
