package dev.reverie.actors.cluster;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.registry.ClassRegistryFormats;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import java.time.Instant;
import java.util.List;

/** Serialises the messages of the proxies on the nodes of a cluster, and what the nodes share. */
public final class ClusterFormats implements FormatProvider {

    /** Number of texts of an event that consists of texts: the node, and what it tells. */
    private static final int TEXTS = 2;

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        // unlike the name of a class, a manifest never changes
        return List.of(
                layouts.format("observe-class", ClassEntity.Subscribe.class),
                ClassRegistryFormats.events(layouts).format("append-to-registry", Registrar.Append.class),
                layouts.with(Instant.class, ClusterFormats::writeInstant, ClusterFormats::readInstant)
                        .format("evaluation", ReplicatedEvaluation.class),
                layouts.format("loop-completed", NodeEvent.LoopCompleted.class),
                layouts.format("representatives-chosen", NodeEvent.RepresentativesChosen.class),
                ofTexts(layouts, "warned", NodeEvent.Warned.class),
                ofTexts(layouts, "worker-restarted", NodeEvent.WorkerRestarted.class));
    }

    /** Writes a time with its nanoseconds, by which nodes tell which of two evaluations is newer. */
    private static void writeInstant(Output output, Instant instant) {
        output.writeVarLong(instant.getEpochSecond(), true);
        output.writeVarInt(instant.getNano(), true);
    }

    private static Instant readInstant(Input input) {
        return Instant.ofEpochSecond(input.readVarLong(true), input.readVarInt(true));
    }

    /** The format of an event that consists of texts, whose number comes first. */
    private static <E extends NodeEvent> VersionedFormat<E> ofTexts(Layouts layouts, String name, Class<E> type) {
        return VersionedFormat.of(
                name,
                type,
                (output, event) -> {
                    output.writeVarInt(TEXTS, true);
                    layouts.write(output, type, event);
                },
                input -> {
                    input.readVarInt(true);
                    return layouts.read(input, type);
                });
    }
}
