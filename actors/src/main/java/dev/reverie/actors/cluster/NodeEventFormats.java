package dev.reverie.actors.cluster;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.telemetry.TelemetryEvent;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Serialises the events that the nodes of a cluster tell each other. */
public final class NodeEventFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "loop-completed",
                        NodeEvent.LoopCompleted.class,
                        NodeEventFormats::writeLoop,
                        NodeEventFormats::readLoop),
                VersionedFormat.of(
                        "representatives-chosen",
                        NodeEvent.RepresentativesChosen.class,
                        NodeEventFormats::writeChosen,
                        NodeEventFormats::readChosen),
                ofText(
                        "warned",
                        NodeEvent.Warned.class,
                        warned -> warned.event().message(),
                        (node, text) -> new NodeEvent.Warned(node, new TelemetryEvent.Warning(text))),
                ofText(
                        "worker-restarted",
                        NodeEvent.WorkerRestarted.class,
                        restarted -> restarted.event().reason(),
                        (node, text) -> new NodeEvent.WorkerRestarted(node, new TelemetryEvent.WorkerRestarted(text))));
    }

    /** The format of an event with one text: the node and the text. */
    private static <E extends NodeEvent> VersionedFormat<E> ofText(
            String name, Class<E> type, Function<E, String> textOf, BiFunction<String, String, E> eventOf) {
        return VersionedFormat.of(
                name,
                type,
                (output, event) -> FieldFormats.writeTexts(output, List.of(event.node(), textOf.apply(event))),
                input -> {
                    List<String> texts = FieldFormats.readTexts(input);
                    return eventOf.apply(texts.getFirst(), texts.getLast());
                });
    }

    private static void writeLoop(Output output, NodeEvent.LoopCompleted completed) {
        TelemetryEvent.InnerLoopCompleted loop = completed.event();
        FieldFormats.writeText(output, completed.node());
        output.writeVarInt(loop.outer(), true);
        output.writeVarInt(loop.inner(), true);
        output.writeDouble(loop.matchingLoss());
        output.writeDouble(loop.trainLoss());
        output.writeDouble(loop.seconds());
        output.writeDouble(loop.workerSeconds());
        output.writeDouble(loop.elapsed());
    }

    private static NodeEvent.LoopCompleted readLoop(Input input) {
        return new NodeEvent.LoopCompleted(
                FieldFormats.readText(input),
                new TelemetryEvent.InnerLoopCompleted(
                        input.readVarInt(true),
                        input.readVarInt(true),
                        input.readDouble(),
                        input.readDouble(),
                        input.readDouble(),
                        input.readDouble(),
                        input.readDouble()));
    }

    private static void writeChosen(Output output, NodeEvent.RepresentativesChosen made) {
        TelemetryEvent.RepresentativesChosen chosen = made.event();
        FieldFormats.writeText(output, made.node());
        output.writeVarInt(chosen.classIndex(), true);
        output.writeVarInt(chosen.outer(), true);
        output.writeVarInt(chosen.inner(), true);
        output.writeVarInt(chosen.count(), true);
        output.writeDouble(chosen.inertia());
        FieldFormats.writeDouble(output, chosen.discrepancy());
        FieldFormats.writeDouble(output, chosen.migration());
        output.writeDouble(chosen.seconds());
    }

    private static NodeEvent.RepresentativesChosen readChosen(Input input) {
        return new NodeEvent.RepresentativesChosen(
                FieldFormats.readText(input),
                new TelemetryEvent.RepresentativesChosen(
                        input.readVarInt(true),
                        input.readVarInt(true),
                        input.readVarInt(true),
                        input.readVarInt(true),
                        input.readDouble(),
                        FieldFormats.readDouble(input),
                        FieldFormats.readDouble(input),
                        input.readDouble()));
    }
}
