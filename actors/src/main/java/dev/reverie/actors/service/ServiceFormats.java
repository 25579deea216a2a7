package dev.reverie.actors.service;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises {@link StoredProgress} for the store. */
public final class ServiceFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(VersionedFormat.of(
                "distillation-progress", StoredProgress.class, ServiceFormats::write, ServiceFormats::read));
    }

    private static void write(Output output, StoredProgress progress) {
        FieldFormats.writeOptional(
                output,
                progress.normalisation(),
                normalisation -> FieldFormats.writeNormalisation(output, normalisation));
        output.writeVarInt(progress.nextOuter(), true);
        output.writeVarLong(progress.innerLoops(), true);
        output.writeVarLong(progress.outerIterations(), true);
    }

    private static StoredProgress read(Input input) {
        return new StoredProgress(
                FieldFormats.readOptional(input, () -> FieldFormats.readNormalisation(input)),
                input.readVarInt(true),
                input.readVarLong(true),
                input.readVarLong(true));
    }
}
