package dev.reverie.actors.classes;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.MatchTask;
import java.util.ArrayList;
import java.util.List;

/** Serialises the commands and replies of class actors. */
public final class ClassFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        List<VersionedFormat<?>> formats = new ArrayList<>(representatives(actors));
        formats.addAll(images(actors));
        formats.addAll(memory(actors));
        formats.addAll(visits(actors));
        formats.addAll(replies());
        return formats;
    }

    private static List<VersionedFormat<?>> representatives(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "find-candidates",
                        ClassActor.FindCandidates.class,
                        (output, find) -> {
                            output.writeVarInt(find.limit(), true);
                            output.writeLong(find.seed());
                            actors.write(output, find.replyTo());
                        },
                        input -> new ClassActor.FindCandidates(
                                input.readVarInt(true), input.readLong(), actors.read(input))),
                VersionedFormat.of(
                        "use-representatives",
                        ClassActor.SetRepresentatives.class,
                        (output, set) -> {
                            writeIndices(output, set.indices());
                            FieldFormats.writePosition(output, set.refreshedAt());
                            actors.write(output, set.replyTo());
                        },
                        input -> new ClassActor.SetRepresentatives(
                                readIndices(input), FieldFormats.readPosition(input), actors.read(input))),
                VersionedFormat.of(
                        "use-if-none",
                        ClassActor.SetRepresentativesIfNone.class,
                        (output, set) -> {
                            writeIndices(output, set.indices());
                            actors.write(output, set.replyTo());
                        },
                        input -> new ClassActor.SetRepresentativesIfNone(readIndices(input), actors.read(input))));
    }

    private static List<VersionedFormat<?>> images(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "read-images",
                        ClassActor.ReadImages.class,
                        (output, read) -> {
                            writeIndices(output, read.indices());
                            actors.write(output, read.replyTo());
                        },
                        input -> new ClassActor.ReadImages(readIndices(input), actors.read(input))),
                VersionedFormat.of(
                        "sample-images",
                        ClassActor.SampleImages.class,
                        (output, sample) -> {
                            output.writeVarInt(sample.limit(), true);
                            output.writeLong(sample.seed());
                            actors.write(output, sample.replyTo());
                        },
                        input -> new ClassActor.SampleImages(
                                input.readVarInt(true), input.readLong(), actors.read(input))));
    }

    private static List<VersionedFormat<?>> memory(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "initialise",
                        ClassActor.Initialise.class,
                        (output, initialise) -> {
                            writeImages(output, initialise.images());
                            actors.write(output, initialise.replyTo());
                        },
                        input -> new ClassActor.Initialise(readImages(input), actors.read(input))),
                VersionedFormat.of(
                        "read-memory",
                        ClassActor.ReadMemory.class,
                        (output, read) -> {
                            writeIndices(output, read.indices());
                            actors.write(output, read.replyTo());
                        },
                        input -> new ClassActor.ReadMemory(readIndices(input), actors.read(input))),
                actors.request(
                        "take-snapshot",
                        ClassActor.TakeSnapshot.class,
                        ClassActor.TakeSnapshot::replyTo,
                        ClassActor.TakeSnapshot::new),
                actors.request(
                        "read-average",
                        ClassActor.ReadAverage.class,
                        ClassActor.ReadAverage::replyTo,
                        ClassActor.ReadAverage::new));
    }

    private static List<VersionedFormat<?>> visits(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "prepare-batch",
                        ClassActor.PrepareBatch.class,
                        (output, prepare) -> {
                            writeVisit(output, prepare.visit());
                            actors.write(output, prepare.replyTo());
                        },
                        input -> new ClassActor.PrepareBatch(readVisit(input), actors.read(input))),
                VersionedFormat.of(
                        "apply-gradient",
                        ClassActor.ApplyGradient.class,
                        (output, apply) -> {
                            writeVisit(output, apply.visit());
                            FieldFormats.writeBatch(output, apply.gradient());
                            actors.write(output, apply.replyTo());
                        },
                        input -> new ClassActor.ApplyGradient(
                                readVisit(input), FieldFormats.readBatch(input), actors.read(input))),
                VersionedFormat.of(
                        "skip",
                        ClassActor.SkipVisit.class,
                        (output, skip) -> {
                            writeVisit(output, skip.visit());
                            actors.write(output, skip.replyTo());
                        },
                        input -> new ClassActor.SkipVisit(readVisit(input), actors.read(input))),
                VersionedFormat.of(
                        "clamp", ClassActor.Clamp.class, (output, clamp) -> {}, input -> new ClassActor.Clamp()));
    }

    private static List<VersionedFormat<?>> replies() {
        return List.of(
                VersionedFormat.of(
                        "candidates",
                        ClassActor.Candidates.class,
                        (output, candidates) -> {
                            writeIndices(output, candidates.indices());
                            writeImages(output, candidates.images());
                        },
                        input -> new ClassActor.Candidates(readIndices(input), readImages(input))),
                VersionedFormat.of("batch", ClassActor.Batch.class, ClassFormats::writeBatch, ClassFormats::readBatch),
                VersionedFormat.of(
                        "images",
                        ClassActor.Images.class,
                        (output, images) -> writeImages(output, images.images()),
                        input -> new ClassActor.Images(readImages(input))),
                VersionedFormat.of(
                        "average",
                        ClassActor.Average.class,
                        (output, average) -> {
                            output.writeVarInt(average.classIndex(), true);
                            FieldFormats.writeBatch(output, average.images());
                        },
                        input -> new ClassActor.Average(input.readVarInt(true), FieldFormats.readBatch(input))),
                VersionedFormat.of("class-snapshot", ClassSnapshot.class, ClassSnapshot::write, ClassSnapshot::read),
                VersionedFormat.of(
                        "represented",
                        ClassActor.RepresentativesSet.class,
                        (output, set) -> FieldFormats.writeDouble(output, set.migration()),
                        input -> new ClassActor.RepresentativesSet(FieldFormats.readDouble(input))),
                VersionedFormat.of(
                        "turn-ended",
                        ClassActor.VisitEnded.class,
                        (output, ended) -> output.writeDouble(ended.change()),
                        input -> new ClassActor.VisitEnded(input.readDouble())));
    }

    private static void writeBatch(Output output, ClassActor.Batch batch) {
        writeVisit(output, batch.visit());
        output.writeVarInt(batch.task().output(), true);
        writeImages(output, batch.task().real());
        FieldFormats.writeBatch(output, batch.task().synthetic());
        output.writeLong(batch.task().seed());
    }

    private static ClassActor.Batch readBatch(Input input) {
        ClassVisit visit = readVisit(input);
        return new ClassActor.Batch(
                visit,
                new MatchTask(
                        visit.network(),
                        input.readVarInt(true),
                        readImages(input),
                        FieldFormats.readBatch(input),
                        input.readLong()));
    }

    private static void writeVisit(Output output, ClassVisit visit) {
        FieldFormats.writePosition(output, visit.position());
        output.writeVarInt(visit.classIndex(), true);
        output.writeVarInt(visit.output(), true);
        output.writeVarInt(visit.classes(), true);
    }

    private static ClassVisit readVisit(Input input) {
        LoopPosition position = FieldFormats.readPosition(input);
        return new ClassVisit(position, input.readVarInt(true), input.readVarInt(true), input.readVarInt(true));
    }

    private static void writeIndices(Output output, List<Integer> indices) {
        FieldFormats.writeList(output, indices, index -> output.writeVarInt(index, true));
    }

    private static List<Integer> readIndices(Input input) {
        return FieldFormats.readList(input, () -> input.readVarInt(true));
    }

    private static void writeImages(Output output, List<Image> images) {
        FieldFormats.writeList(output, images, image -> FieldFormats.writeImage(output, image));
    }

    private static List<Image> readImages(Input input) {
        return FieldFormats.readList(input, () -> FieldFormats.readImage(input));
    }
}
