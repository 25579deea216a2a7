package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayList;
import java.util.List;

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
                            writeInfo(output, judged.info());
                        },
                        input -> new ClassCommand.SamplesJudged(
                                input.readLong(),
                                input.readVarInt(true),
                                FieldFormats.readList(input, () -> verdict(input.readByte())),
                                readInfo(input))));
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
                        ClassCommand.GetInfo.class,
                        ClassCommand.GetInfo::replyTo,
                        ClassCommand.GetInfo::new),
                actors.request(
                        "get-test-images",
                        ClassCommand.GetTestImages.class,
                        ClassCommand.GetTestImages::replyTo,
                        ClassCommand.GetTestImages::new));
    }

    private static List<VersionedFormat<?>> reports() {
        return List.of(
                VersionedFormat.of(
                        "class-info", ClassInfo.class, LifecycleFormats::writeInfo, LifecycleFormats::readInfo),
                VersionedFormat.of(
                        "class-failed",
                        ClassReport.Failed.class,
                        (output, report) -> {
                            output.writeVarInt(report.index(), true);
                            FieldFormats.writeText(output, report.failure().name());
                            FieldFormats.writeText(output, report.detail());
                        },
                        input -> new ClassReport.Failed(
                                input.readVarInt(true),
                                StoreFailure.valueOf(FieldFormats.readText(input)),
                                FieldFormats.readText(input))));
    }

    private static void writeInfo(Output output, ClassInfo info) {
        FieldFormats.writeText(output, info.label());
        output.writeVarInt(info.index(), true);
        ClassFieldFormats.writePhase(output, info.phase());
        output.writeVarLong(info.seen(), true);
        output.writeVarInt(info.reservoir(), true);
        output.writeVarInt(info.images(), true);
        output.writeVarLong(info.innerLoops(), true);
        FieldFormats.writeDouble(output, info.matchingLoss());
        ClassFieldFormats.writeInstant(output, info.updated());
        output.writeBoolean(info.sealRequested());
        output.writeBoolean(info.damaged());
        output.writeVarInt(info.capacity(), true);
        output.writeVarLong(info.version().epoch(), true);
        output.writeVarLong(info.version().events(), true);
        output.writeVarLong(info.version().changes(), true);
    }

    private static ClassInfo readInfo(Input input) {
        return new ClassInfo(
                FieldFormats.readText(input),
                input.readVarInt(true),
                ClassFieldFormats.readPhase(input),
                input.readVarLong(true),
                input.readVarInt(true),
                input.readVarInt(true),
                input.readVarLong(true),
                FieldFormats.readDouble(input),
                ClassFieldFormats.readInstant(input),
                input.readBoolean(),
                input.readBoolean(),
                input.readVarInt(true),
                new ClassInfo.Version(input.readVarLong(true), input.readVarLong(true), input.readVarLong(true)));
    }
}
