package dev.reverie.actors.deduplication;

import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises the record of delivered files for the store. */
public final class DeduplicationFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        Layouts withKeys = layouts.with(
                FileKeys.class,
                (output, keys) -> FieldFormats.writeLongs(output, keys.toArray()),
                input -> FileKeys.of(FieldFormats.readLongs(input)));
        return List.of(
                withKeys.format("items-added", DeliveredFilesActor.FilesAdded.class),
                withKeys.format("items-removed", DeliveredFilesActor.FilesRemoved.class),
                withKeys.format("delivered-items", DeliveredFilesActor.State.class));
    }
}
