package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.ArrayList;
import java.util.List;

/** Serialises the events, state, commands and reports of a durable class. */
public final class LifecycleFormats implements FormatProvider {

    /** The verdicts on samples; the position of each is its code. */
    private static final List<SampleVerdict> VERDICTS =
            List.of(SampleVerdict.STORED, SampleVerdict.DUPLICATE, SampleVerdict.CONFLICT, SampleVerdict.SEALED);

    @Override
    public List<VersionedFormat<?>> formats(Layouts basic) {
        Layouts layouts = basic.with(
                        ClassPhase.class,
                        (output, phase) -> output.writeVarInt(phase.code(), true),
                        input -> ClassPhase.of(input.readVarInt(true)))
                .with(
                        SampleVerdict.class,
                        (output, verdict) -> output.writeByte(VERDICTS.indexOf(verdict)),
                        input -> VERDICTS.get(input.readByte()))
                .with(
                        FingerprintBlock.class,
                        StoredClassFormats::writeFingerprints,
                        StoredClassFormats::readFingerprints)
                .with(ClassCapacity.class, StoredClassFormats::writeCapacity, StoredClassFormats::readCapacity);
        List<VersionedFormat<?>> formats = new ArrayList<>(new StoredClassFormats(layouts).all());
        formats.addAll(commands(layouts));
        return formats;
    }

    private record FirstQuota(int images) {}

    private static List<VersionedFormat<?>> commands(Layouts layouts) {
        // the number of a delivery has all of its bits, unlike those in the info of a class
        Layouts numbered = layouts.with(
                        ClassInfo.class,
                        (output, info) -> layouts.write(output, ClassInfo.class, info),
                        input -> layouts.read(input, ClassInfo.class))
                .with(long.class, Output::writeLong, Input::readLong);
        return List.of(
                numbered.format("add-samples", ClassCommand.AddSamples.class),
                numbered.format("samples-judged", ClassCommand.SamplesJudged.class),
                layouts.format(
                        "change-capacity",
                        ClassCommand.ChangeCapacity.class,
                        StoredClassFormats.withoutTestImages(layouts)),
                layouts.format(
                        "change-quota",
                        ClassCommand.ChangeQuota.class,
                        layouts.withEarlier(
                                ClassCommand.ChangeQuota.class,
                                FirstQuota.class,
                                first -> new ClassCommand.ChangeQuota(first.images(), Long.MAX_VALUE))),
                layouts.format("note-loss", ClassCommand.RecordLoss.class),
                layouts.format("enter-phase", ClassCommand.EnterPhase.class),
                layouts.format("seal", ClassCommand.Seal.class),
                layouts.format("request-seal", ClassCommand.RequestSeal.class),
                layouts.format("save", ClassCommand.Save.class),
                numbered.format("withdraw-sample", ClassCommand.Withdraw.class),
                layouts.format("withdrawal", ClassCommand.Withdrawn.class),
                layouts.format("get-real-images", ClassCommand.GetRealImages.class),
                numbered.format("real-images", ClassCommand.RealImages.class),
                layouts.format("seal-at", ClassCommand.SealAt.class),
                layouts.format("view-class", ClassCommand.GetInfo.class),
                layouts.format("get-test-images", ClassCommand.GetTestImages.class),
                layouts.format("class-info", ClassInfo.class),
                layouts.format("class-failed", ClassReport.Failed.class));
    }
}
