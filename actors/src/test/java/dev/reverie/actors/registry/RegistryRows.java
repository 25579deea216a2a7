package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.KryoSerializer;
import dev.reverie.actors.serialization.StoredFormats;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.util.ByteString;

/** Rows of the class registry for tests that write a store without a service. */
public final class RegistryRows {

    private static final StoredFormats WRITER = new StoredFormats(ClassRegistryFormats.stored());

    private RegistryRows() {}

    /** The first event of a registry, which registers classes. */
    public static StoredRow registering(String... names) {
        return registering(1, names);
    }

    /** An event of a registry, which registers classes. */
    public static StoredRow registering(int number, String... names) {
        return row(number, new ClassRegistryEvent.ClassesRegistered(List.of(names)));
    }

    /** An event of a registry, which sets the shape of all images. */
    public static StoredRow initialising(int number, ImageShape shape) {
        return row(number, new ClassRegistryEvent.Initialised(1, shape));
    }

    /** The second event of a registry, which says that a class has samples. */
    public static StoredRow populating(int index) {
        return row(2, new ClassRegistryEvent.ClassesPopulated(Set.of(index)));
    }

    /** A snapshot of a registry, which has one class, the last one that was registered. */
    public static StoredRow snapshot(int number, int index, String name) {
        ClassRegistryState state = new ClassRegistryState(
                number,
                Optional.empty(),
                index + 1,
                new TreeMap<>(Map.of(index, name)),
                Set.of(),
                Set.of(),
                Optional.empty(),
                new TreeMap<>());
        return new StoredRow.Snapshot(
                ClassRegistryActor.PERSISTENCE_ID.id(),
                number,
                5,
                KryoSerializer.IDENTIFIER,
                WRITER.manifest(state),
                ByteString.fromArrayUnsafe(WRITER.write(state)));
    }

    private static StoredRow row(int number, ClassRegistryEvent event) {
        return new StoredRow.Event(
                ClassRegistryActor.PERSISTENCE_ID.id(),
                number,
                false,
                "w",
                5,
                "",
                KryoSerializer.IDENTIFIER,
                WRITER.manifest(event),
                ByteString.fromArrayUnsafe(WRITER.write(event)));
    }
}
