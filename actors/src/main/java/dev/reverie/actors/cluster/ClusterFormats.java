package dev.reverie.actors.cluster;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.registry.ClassRegistryFormats;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import java.time.Instant;
import java.util.List;

/** Serialises the messages of the proxies on the nodes of a cluster, and what the nodes share. */
public final class ClusterFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(
                actors.request(
                        "observe-class", // unlike the name of the class, a manifest never changes
                        ClassEntity.Subscribe.class,
                        ClassEntity.Subscribe::subscriber,
                        ClassEntity.Subscribe::new),
                VersionedFormat.of(
                        "append-to-registry",
                        Registrar.Append.class,
                        (output, append) -> {
                            ClassRegistryFormats.writeAppend(output, append.change());
                            actors.write(output, append.replyTo());
                        },
                        input -> new Registrar.Append(ClassRegistryFormats.readAppend(input), actors.read(input))),
                VersionedFormat.of(
                        "evaluation",
                        ReplicatedEvaluation.class,
                        ClusterFormats::writeEvaluation,
                        ClusterFormats::readEvaluation));
    }

    private static void writeEvaluation(Output output, ReplicatedEvaluation evaluation) {
        writeInstant(output, evaluation.taken());
        writeInstant(output, evaluation.ended());
        FieldFormats.writeList(output, evaluation.results(), result -> {
            output.writeVarInt(result.classIndex(), true);
            output.writeVarInt(result.images(), true);
            output.writeDouble(result.accuracy());
        });
        output.writeVarInt(evaluation.memoryClasses(), true);
        output.writeDouble(evaluation.seconds());
    }

    private static ReplicatedEvaluation readEvaluation(Input input) {
        return new ReplicatedEvaluation(
                readInstant(input),
                readInstant(input),
                FieldFormats.readList(
                        input,
                        () -> new ReplicatedEvaluation.ClassResult(
                                input.readVarInt(true), input.readVarInt(true), input.readDouble())),
                input.readVarInt(true),
                input.readDouble());
    }

    private static void writeInstant(Output output, Instant instant) {
        output.writeVarLong(instant.getEpochSecond(), true);
        output.writeVarInt(instant.getNano(), true);
    }

    private static Instant readInstant(Input input) {
        return Instant.ofEpochSecond(input.readVarLong(true), input.readVarInt(true));
    }
}
