package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.KryoSerializer;
import dev.reverie.actors.serialization.StoredValueWriter;
import dev.reverie.actors.store.StoredRow;
import java.util.List;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/** Rows of the class registry for tests that write a store without a service. */
public final class RegistryRows {

    private static final StoredValueWriter WRITER = new StoredValueWriter(ClassRegistryFormats.stored());

    private RegistryRows() {}

    /** The first event of a registry, which registers classes. */
    public static StoredRow registering(String... names) {
        return row(1, new ClassRegistryEvent.ClassesRegistered(List.of(names)));
    }

    /** The second event of a registry, which says that a class has samples. */
    public static StoredRow populating(int index) {
        return row(2, new ClassRegistryEvent.ClassesPopulated(Set.of(index)));
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
