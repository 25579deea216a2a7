package dev.reverie.actors.deduplication;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises the record of delivered items for the store. */
public final class DeduplicationFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "items-added",
                        DeliveredItemsEvent.Added.class,
                        (output, added) -> writeKeys(output, added.keys()),
                        input -> new DeliveredItemsEvent.Added(readKeys(input))),
                VersionedFormat.of(
                        "items-removed",
                        DeliveredItemsEvent.Removed.class,
                        (output, removed) -> writeKeys(output, removed.keys()),
                        input -> new DeliveredItemsEvent.Removed(readKeys(input))),
                VersionedFormat.of(
                        "delivered-items",
                        DeliveredItems.class,
                        (output, items) -> {
                            output.writeVarLong(items.added(), true);
                            writeKeys(output, items.keys());
                        },
                        input -> new DeliveredItems(input.readVarLong(true), readKeys(input))));
    }

    private static void writeKeys(Output output, ItemKeys keys) {
        FieldFormats.writeLongs(output, keys.toArray());
    }

    private static ItemKeys readKeys(Input input) {
        return ItemKeys.of(FieldFormats.readLongs(input));
    }
}
