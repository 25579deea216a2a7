package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Serialises the events, state, commands and reports of a durable class. */
public final class LifecycleFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        List<VersionedFormat<?>> formats = new ArrayList<>(StoredClassFormats.all());
        formats.addAll(commands());
        formats.addAll(requests(actors));
        formats.addAll(samples(actors));
        formats.addAll(reports());
        return formats;
    }

    private static List<VersionedFormat<?>> samples(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "add-samples",
                        ClassCommand.AddSamples.class,
                        (output, samples) -> {
                            output.writeLong(samples.delivery());
                            output.writeVarInt(samples.part(), true);
                            ClassFieldFormats.writeFingerprints(output, samples.fingerprints());
                            FieldFormats.writeList(
                                    output, samples.images(), image -> FieldFormats.writeImage(output, image));
                            actors.write(output, samples.replyTo());
                        },
                        input -> new ClassCommand.AddSamples(
                                input.readLong(),
                                input.readVarInt(true),
                                ClassFieldFormats.readFingerprints(input),
                                FieldFormats.readList(input, () -> FieldFormats.readImage(input)),
                                actors.read(input))),
                VersionedFormat.of(
                        "samples-judged",
                        ClassCommand.SamplesJudged.class,
                        (output, judged) -> {
                            output.writeLong(judged.delivery());
                            output.writeVarInt(judged.part(), true);
                            FieldFormats.writeList(
                                    output, judged.verdicts(), verdict -> output.writeByte(code(verdict)));
                        },
                        input -> new ClassCommand.SamplesJudged(
                                input.readLong(),
                                input.readVarInt(true),
                                FieldFormats.readList(input, () -> verdict(input.readByte())))));
    }

    private static int code(SampleVerdict verdict) {
        return switch (verdict) {
            case STORED -> 0;
            case DUPLICATE -> 1;
            case CONFLICT -> 2;
            case SEALED -> 3;
        };
    }

    private static SampleVerdict verdict(int code) {
        return switch (code) {
            case 0 -> SampleVerdict.STORED;
            case 1 -> SampleVerdict.DUPLICATE;
            case 2 -> SampleVerdict.CONFLICT;
            case 3 -> SampleVerdict.SEALED;
            default -> throw new IllegalArgumentException("no verdict on a sample has the code " + code);
        };
    }

    private static List<VersionedFormat<?>> commands() {
        return List.of(
                new VersionedFormat<>(
                        "change-capacity",
                        2,
                        ClassCommand.ChangeCapacity.class,
                        (output, change) -> ClassFieldFormats.writeCapacity(output, change.capacity()),
                        (input, version) ->
                                new ClassCommand.ChangeCapacity(ClassFieldFormats.readCapacity(input, version > 1))),
                VersionedFormat.of(
                        "change-quota",
                        ClassCommand.ChangeQuota.class,
                        (output, change) -> output.writeVarInt(change.images(), true),
                        input -> new ClassCommand.ChangeQuota(input.readVarInt(true))),
                VersionedFormat.of(
                        "note-loss",
                        ClassCommand.RecordLoss.class,
                        (output, recorded) -> output.writeDouble(recorded.loss()),
                        input -> new ClassCommand.RecordLoss(input.readDouble())));
    }

    private static List<VersionedFormat<?>> requests(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "enter-phase",
                        ClassCommand.EnterPhase.class,
                        (output, enter) -> {
                            ClassFieldFormats.writePhase(output, enter.phase());
                            actors.write(output, enter.replyTo());
                        },
                        input -> new ClassCommand.EnterPhase(ClassFieldFormats.readPhase(input), actors.read(input))),
                actors.request("seal", ClassCommand.Seal.class, ClassCommand.Seal::replyTo, ClassCommand.Seal::new),
                VersionedFormat.of(
                        "request-seal",
                        ClassCommand.RequestSeal.class,
                        (output, request) -> {
                            output.writeBoolean(request.requested());
                            actors.write(output, request.replyTo());
                        },
                        input -> new ClassCommand.RequestSeal(input.readBoolean(), actors.read(input))),
                actors.request("save", ClassCommand.Save.class, ClassCommand.Save::replyTo, ClassCommand.Save::new),
                actors.request(
                        "view-class",
                        ClassCommand.GetSummary.class,
                        ClassCommand.GetSummary::replyTo,
                        ClassCommand.GetSummary::new),
                actors.request(
                        "get-test-images",
                        ClassCommand.GetTestImages.class,
                        ClassCommand.GetTestImages::replyTo,
                        ClassCommand.GetTestImages::new),
                VersionedFormat.of(
                        "class-view",
                        ClassSummary.class,
                        LifecycleFormats::writeSummary,
                        LifecycleFormats::readSummary));
    }

    private static List<VersionedFormat<?>> reports() {
        return List.of(
                new VersionedFormat<>(
                        "class-recovered",
                        4,
                        ClassReport.Recovered.class,
                        LifecycleFormats::writeRecovered,
                        LifecycleFormats::readRecovered),
                VersionedFormat.of(
                        "class-failed",
                        ClassReport.Failed.class,
                        (output, report) -> {
                            output.writeVarInt(report.label(), true);
                            FieldFormats.writeText(output, report.failure().name());
                            FieldFormats.writeText(output, report.detail());
                        },
                        input -> new ClassReport.Failed(
                                input.readVarInt(true),
                                StoreFailure.valueOf(FieldFormats.readText(input)),
                                FieldFormats.readText(input))));
    }

    private static void writeRecovered(Output output, ClassReport.Recovered report) {
        output.writeVarInt(report.label(), true);
        output.writeVarLong(report.epoch(), true);
        ClassFieldFormats.writePhase(output, report.phase());
        output.writeVarLong(report.seen(), true);
        output.writeVarInt(report.reservoir(), true);
        FieldFormats.writeOptional(
                output, report.capacity(), capacity -> ClassFieldFormats.writeCapacity(output, capacity));
        output.writeBoolean(report.sealRequested());
    }

    private static ClassReport.Recovered readRecovered(Input input, int version) {
        int label = input.readVarInt(true);
        long epoch = input.readVarLong(true);
        ClassPhase phase = ClassFieldFormats.readPhase(input);
        long seen = input.readVarLong(true);
        int reservoir = input.readVarInt(true);
        Optional<ClassCapacity> capacity =
                FieldFormats.readOptional(input, () -> ClassFieldFormats.readCapacity(input, version > 2));
        if (version < 4) {
            ClassFieldFormats.readFingerprints(input);
        }
        // version 1 says here whether the class had learned images
        boolean sealRequested = version != 2 && input.readBoolean() && version > 1;
        return new ClassReport.Recovered(label, epoch, phase, seen, reservoir, capacity, sealRequested);
    }

    private static void writeSummary(Output output, ClassSummary summary) {
        output.writeVarInt(summary.index(), true);
        FieldFormats.writeText(output, summary.name());
        ClassFieldFormats.writePhase(output, summary.phase());
        output.writeVarLong(summary.seen(), true);
        output.writeVarInt(summary.reservoir(), true);
        output.writeVarInt(summary.capacity(), true);
        output.writeVarInt(summary.images(), true);
        output.writeVarLong(summary.innerLoops(), true);
        FieldFormats.writeDouble(output, summary.matchingLoss());
        ClassFieldFormats.writeInstant(output, summary.updated());
    }

    private static ClassSummary readSummary(Input input) {
        return new ClassSummary(
                input.readVarInt(true),
                FieldFormats.readText(input),
                ClassFieldFormats.readPhase(input),
                input.readVarLong(true),
                input.readVarInt(true),
                input.readVarInt(true),
                input.readVarInt(true),
                input.readVarLong(true),
                FieldFormats.readDouble(input),
                ClassFieldFormats.readInstant(input));
    }
}
