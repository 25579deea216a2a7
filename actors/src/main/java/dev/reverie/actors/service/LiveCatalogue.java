package dev.reverie.actors.service;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.Catalogue;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.actors.serialization.Format;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;

/** How the progress of a distillation is stored. */
public final class LiveCatalogue implements Catalogue {

    @Override
    public List<Format<?>> formats(ActorRefs actors) {
        return List.of(
                Format.of(110, "distillation-progress", Progress.class, LiveCatalogue::write, LiveCatalogue::read));
    }

    private static void write(Output output, Progress progress) {
        Fields.writeOptional(output, progress.normalisation(), normalisation -> {
            Fields.writeList(output, normalisation.mean(), output::writeDouble);
            Fields.writeList(output, normalisation.std(), output::writeDouble);
        });
        output.writeVarInt(progress.nextOuter(), true);
        output.writeVarLong(progress.innerLoops(), true);
        output.writeVarLong(progress.outerIterations(), true);
    }

    private static Progress read(Input input) {
        return new Progress(
                Fields.readOptional(
                        input,
                        () -> new Normalisation(
                                Fields.readList(input, input::readDouble), Fields.readList(input, input::readDouble))),
                input.readVarInt(true),
                input.readVarLong(true),
                input.readVarLong(true));
    }
}
