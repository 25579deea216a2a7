package dev.reverie.actors.cluster;

import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises the events that the nodes of a cluster tell each other. */
public final class NodeEventFormats implements FormatProvider {

    /** Number of texts of an event that consists of texts: the node, and what it tells. */
    private static final int TEXTS = 2;

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        return List.of(
                layouts.format("loop-completed", NodeEvent.LoopCompleted.class),
                layouts.format("representatives-chosen", NodeEvent.RepresentativesChosen.class),
                ofTexts(layouts, "warned", NodeEvent.Warned.class),
                ofTexts(layouts, "worker-restarted", NodeEvent.WorkerRestarted.class));
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
