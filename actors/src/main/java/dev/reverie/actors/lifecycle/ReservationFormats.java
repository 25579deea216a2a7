package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;
import java.util.UUID;

/** Serialises what the intake and a class say about a part of a delivery. */
final class ReservationFormats {

    private ReservationFormats() {}

    static List<VersionedFormat<?>> all(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "reserve",
                        ClassCommand.Reserve.class,
                        (output, reserve) -> {
                            writeId(output, reserve.delivery());
                            ClassFieldFormats.writeFingerprints(output, reserve.fingerprints());
                            actors.write(output, reserve.replyTo());
                        },
                        input -> new ClassCommand.Reserve(
                                readId(input), ClassFieldFormats.readFingerprints(input), actors.read(input))),
                VersionedFormat.of(
                        "commit",
                        ClassCommand.Commit.class,
                        (output, commit) -> writeCommit(actors, output, commit),
                        input -> readCommit(actors, input)),
                VersionedFormat.of(
                        "release",
                        ClassCommand.Release.class,
                        (output, release) -> writeId(output, release.delivery()),
                        input -> new ClassCommand.Release(readId(input))),
                VersionedFormat.of(
                        "examined",
                        ClassReply.Examined.class,
                        (output, examined) -> {
                            writeReply(output, examined);
                            FieldFormats.writeText(output, examined.finding().name());
                            FieldFormats.writeList(
                                    output, examined.samples(), sample -> output.writeVarInt(sample, true));
                        },
                        input -> new ClassReply.Examined(
                                readId(input),
                                input.readVarInt(true),
                                ClassReply.Finding.valueOf(FieldFormats.readText(input)),
                                FieldFormats.<Integer>readList(input, () -> input.readVarInt(true)))),
                VersionedFormat.of(
                        "committed",
                        ClassReply.Committed.class,
                        (output, committed) -> {
                            writeReply(output, committed);
                            output.writeBoolean(committed.stored());
                        },
                        input -> new ClassReply.Committed(readId(input), input.readVarInt(true), input.readBoolean())));
    }

    private static void writeCommit(ActorRefs actors, Output output, ClassCommand.Commit commit) {
        writeId(output, commit.delivery());
        output.writeVarLong(commit.epoch(), true);
        FieldFormats.writeOptional(output, commit.transaction(), tag -> FieldFormats.writeText(output, tag));
        ClassFieldFormats.writeFingerprints(output, commit.fingerprints());
        FieldFormats.writeList(output, commit.images(), image -> FieldFormats.writeImage(output, image));
        actors.write(output, commit.replyTo());
    }

    private static ClassCommand.Commit readCommit(ActorRefs actors, Input input) {
        return new ClassCommand.Commit(
                readId(input),
                input.readVarLong(true),
                FieldFormats.readOptional(input, () -> FieldFormats.readText(input)),
                ClassFieldFormats.readFingerprints(input),
                FieldFormats.readList(input, () -> FieldFormats.readImage(input)),
                actors.read(input));
    }

    private static void writeReply(Output output, ClassReply reply) {
        writeId(output, reply.delivery());
        output.writeVarInt(reply.label(), true);
    }

    private static void writeId(Output output, UUID id) {
        output.writeLong(id.getMostSignificantBits());
        output.writeLong(id.getLeastSignificantBits());
    }

    private static UUID readId(Input input) {
        return new UUID(input.readLong(), input.readLong());
    }
}
