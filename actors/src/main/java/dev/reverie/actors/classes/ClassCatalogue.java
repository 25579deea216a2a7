package dev.reverie.actors.classes;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.Catalogue;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.actors.serialization.Format;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.MatchTask;
import java.util.ArrayList;
import java.util.List;

/** How whoever distils speaks with the owner of a class. */
public final class ClassCatalogue implements Catalogue {

    @Override
    public List<Format<?>> formats(ActorRefs actors) {
        List<Format<?>> formats = new ArrayList<>(choosing(actors));
        formats.addAll(visiting(actors));
        formats.addAll(answering());
        return formats;
    }

    private static List<Format<?>> choosing(ActorRefs actors) {
        return List.of(
                Format.of(
                        50,
                        "find-candidates",
                        ClassActor.FindCandidates.class,
                        (output, find) -> {
                            output.writeVarInt(find.limit(), true);
                            output.writeLong(find.draw());
                            actors.write(output, find.replyTo());
                        },
                        input -> new ClassActor.FindCandidates(
                                input.readVarInt(true), input.readLong(), actors.read(input))),
                Format.of(
                        51,
                        "initialise",
                        ClassActor.Initialise.class,
                        (output, initialise) -> {
                            writeImages(output, initialise.images());
                            actors.write(output, initialise.replyTo());
                        },
                        input -> new ClassActor.Initialise(readImages(input), actors.read(input))),
                Format.of(
                        52,
                        "use-representatives",
                        ClassActor.UseRepresentatives.class,
                        (output, use) -> {
                            writeIndices(output, use.indices());
                            Fields.writePosition(output, use.refreshedAt());
                            actors.write(output, use.replyTo());
                        },
                        input -> new ClassActor.UseRepresentatives(
                                readIndices(input), Fields.readPosition(input), actors.read(input))),
                Format.of(
                        53,
                        "use-if-none",
                        ClassActor.UseIfNone.class,
                        (output, use) -> {
                            writeIndices(output, use.indices());
                            actors.write(output, use.replyTo());
                        },
                        input -> new ClassActor.UseIfNone(readIndices(input), actors.read(input))),
                Format.of(
                        54,
                        "read-images",
                        ClassActor.ReadImages.class,
                        (output, read) -> {
                            writeIndices(output, read.indices());
                            actors.write(output, read.replyTo());
                        },
                        input -> new ClassActor.ReadImages(readIndices(input), actors.read(input))),
                Format.of(
                        64,
                        "read-memory",
                        ClassActor.ReadMemory.class,
                        (output, read) -> {
                            writeIndices(output, read.indices());
                            actors.write(output, read.replyTo());
                        },
                        input -> new ClassActor.ReadMemory(readIndices(input), actors.read(input))),
                Format.of(
                        55,
                        "take-snapshot",
                        ClassActor.TakeSnapshot.class,
                        (output, take) -> actors.write(output, take.replyTo()),
                        input -> new ClassActor.TakeSnapshot(actors.read(input))));
    }

    private static List<Format<?>> visiting(ActorRefs actors) {
        return List.of(
                Format.of(
                        56,
                        "prepare-batch",
                        ClassActor.PrepareBatch.class,
                        (output, prepare) -> {
                            writeVisit(output, prepare.visit());
                            actors.write(output, prepare.replyTo());
                        },
                        input -> new ClassActor.PrepareBatch(readVisit(input), actors.read(input))),
                Format.of(
                        57,
                        "apply-gradient",
                        ClassActor.ApplyGradient.class,
                        (output, apply) -> {
                            writeVisit(output, apply.visit());
                            Fields.writeBatch(output, apply.gradient());
                            actors.write(output, apply.replyTo());
                        },
                        input -> new ClassActor.ApplyGradient(
                                readVisit(input), Fields.readBatch(input), actors.read(input))),
                Format.of(
                        58,
                        "skip",
                        ClassActor.Skip.class,
                        (output, skip) -> {
                            writeVisit(output, skip.visit());
                            actors.write(output, skip.replyTo());
                        },
                        input -> new ClassActor.Skip(readVisit(input), actors.read(input))),
                Format.of(59, "clamp", ClassActor.Clamp.class, (output, clamp) -> {}, input -> new ClassActor.Clamp()));
    }

    private static List<Format<?>> answering() {
        return List.of(
                Format.of(
                        60,
                        "candidates",
                        ClassActor.Candidates.class,
                        (output, candidates) -> {
                            writeIndices(output, candidates.indices());
                            writeImages(output, candidates.images());
                        },
                        input -> new ClassActor.Candidates(readIndices(input), readImages(input))),
                Format.of(
                        61,
                        "batch",
                        ClassActor.Batch.class,
                        (output, batch) -> {
                            writeVisit(output, batch.visit());
                            output.writeVarInt(batch.task().label(), true);
                            writeImages(output, batch.task().real());
                            Fields.writeBatch(output, batch.task().synthetic());
                            output.writeLong(batch.task().draw());
                        },
                        ClassCatalogue::readBatch),
                Format.of(
                        62,
                        "images",
                        ClassActor.Images.class,
                        (output, images) -> writeImages(output, images.images()),
                        input -> new ClassActor.Images(readImages(input))),
                Format.of(63, "class-snapshot", ClassSnapshot.class, ClassSnapshot::write, ClassSnapshot::read),
                Format.of(
                        65,
                        "represented",
                        ClassActor.Represented.class,
                        (output, represented) -> Fields.writeDouble(output, represented.migration()),
                        input -> new ClassActor.Represented(Fields.readDouble(input))),
                Format.of(
                        66,
                        "turn-ended",
                        ClassActor.TurnEnded.class,
                        (output, ended) -> output.writeDouble(ended.change()),
                        input -> new ClassActor.TurnEnded(input.readDouble())));
    }

    private static ClassActor.Batch readBatch(Input input) {
        Visit visit = readVisit(input);
        return new ClassActor.Batch(
                visit,
                new MatchTask(
                        visit.network(),
                        input.readVarInt(true),
                        readImages(input),
                        Fields.readBatch(input),
                        input.readLong()));
    }

    private static void writeVisit(Output output, Visit visit) {
        Fields.writePosition(output, visit.position());
        output.writeVarInt(visit.label(), true);
        output.writeVarInt(visit.turn(), true);
        output.writeVarInt(visit.classes(), true);
    }

    private static Visit readVisit(Input input) {
        Position position = Fields.readPosition(input);
        return new Visit(position, input.readVarInt(true), input.readVarInt(true), input.readVarInt(true));
    }

    private static void writeIndices(Output output, List<Integer> indices) {
        Fields.writeList(output, indices, index -> output.writeVarInt(index, true));
    }

    private static List<Integer> readIndices(Input input) {
        return Fields.readList(input, () -> input.readVarInt(true));
    }

    private static void writeImages(Output output, List<Image> images) {
        Fields.writeList(output, images, image -> Fields.writeImage(output, image));
    }

    private static List<Image> readImages(Input input) {
        return Fields.readList(input, () -> Fields.readImage(input));
    }
}
