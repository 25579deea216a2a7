package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.recognition.Fingerprints;
import dev.reverie.actors.recognition.Window;
import dev.reverie.actors.reservoir.Kept;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.Catalogue;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.actors.serialization.Format;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** How the life of a class is stored, and what is said about it. */
public final class LifecycleCatalogue implements Catalogue {

    @Override
    public List<Format<?>> formats(ActorRefs actors) {
        List<Format<?>> formats = new ArrayList<>(stored());
        formats.addAll(asked(actors));
        formats.addAll(told());
        return formats;
    }

    private static List<Format<?>> stored() {
        return List.of(
                Format.of(
                        20,
                        "samples-admitted",
                        ClassEvent.SamplesAdmitted.class,
                        LifecycleCatalogue::writeAdmitted,
                        input -> new ClassEvent.SamplesAdmitted(
                                input.readVarLong(true), readFingerprints(input), readKept(input))),
                Format.of(
                        21,
                        "images-learned",
                        ClassEvent.ImagesLearned.class,
                        (output, event) -> writeLearned(output, event.learned()),
                        input -> new ClassEvent.ImagesLearned(readLearned(input))),
                Format.of(
                        22,
                        "phase-entered",
                        ClassEvent.PhaseEntered.class,
                        (output, event) -> writePhase(output, event.phase()),
                        input -> new ClassEvent.PhaseEntered(readPhase(input))),
                Format.of(
                        23,
                        "capacity-changed",
                        ClassEvent.CapacityChanged.class,
                        (output, event) -> writeCapacity(output, event.capacity()),
                        input -> new ClassEvent.CapacityChanged(readCapacity(input))),
                Format.of(
                        24,
                        "class-state",
                        ClassState.class,
                        LifecycleCatalogue::writeState,
                        LifecycleCatalogue::readState));
    }

    private static List<Format<?>> asked(ActorRefs actors) {
        return List.of(
                Format.of(
                        30,
                        "admit",
                        ClassCommand.Admit.class,
                        (output, admit) -> {
                            output.writeVarLong(admit.epoch(), true);
                            output.writeVarLong(admit.first(), true);
                            writeFingerprints(output, admit.samples());
                            Fields.writeList(output, admit.images(), image -> Fields.writeImage(output, image));
                        },
                        input -> new ClassCommand.Admit(
                                input.readVarLong(true),
                                input.readVarLong(true),
                                readFingerprints(input),
                                Fields.<Image>readList(input, () -> Fields.readImage(input)))),
                Format.of(
                        31,
                        "change-capacity",
                        ClassCommand.ChangeCapacity.class,
                        (output, change) -> writeCapacity(output, change.capacity()),
                        input -> new ClassCommand.ChangeCapacity(readCapacity(input))),
                Format.of(
                        37,
                        "change-quota",
                        ClassCommand.ChangeQuota.class,
                        (output, change) -> output.writeVarInt(change.images(), true),
                        input -> new ClassCommand.ChangeQuota(input.readVarInt(true))),
                Format.of(
                        32,
                        "enter-phase",
                        ClassCommand.EnterPhase.class,
                        (output, enter) -> {
                            writePhase(output, enter.phase());
                            actors.write(output, enter.replyTo());
                        },
                        input -> new ClassCommand.EnterPhase(readPhase(input), actors.read(input))),
                Format.of(
                        33,
                        "seal",
                        ClassCommand.Seal.class,
                        (output, seal) -> actors.write(output, seal.replyTo()),
                        input -> new ClassCommand.Seal(actors.read(input))),
                Format.of(
                        34,
                        "save",
                        ClassCommand.Save.class,
                        (output, save) -> actors.write(output, save.replyTo()),
                        input -> new ClassCommand.Save(actors.read(input))),
                Format.of(
                        35,
                        "note-loss",
                        ClassCommand.NoteLoss.class,
                        (output, note) -> output.writeDouble(note.loss()),
                        input -> new ClassCommand.NoteLoss(input.readDouble())),
                Format.of(
                        36,
                        "view-class",
                        ClassCommand.View.class,
                        (output, view) -> actors.write(output, view.replyTo()),
                        input -> new ClassCommand.View(actors.read(input))));
    }

    private static List<Format<?>> told() {
        return List.of(
                Format.of(
                        40,
                        "class-recovered",
                        ClassReport.Recovered.class,
                        LifecycleCatalogue::writeRecovered,
                        input -> new ClassReport.Recovered(
                                input.readVarInt(true),
                                input.readVarLong(true),
                                readPhase(input),
                                input.readVarLong(true),
                                input.readVarInt(true),
                                Fields.readOptional(input, () -> readCapacity(input)),
                                readFingerprints(input),
                                input.readBoolean())),
                Format.of(
                        41,
                        "class-admitted",
                        ClassReport.Admitted.class,
                        (output, report) -> {
                            output.writeVarInt(report.label(), true);
                            output.writeVarLong(report.epoch(), true);
                            output.writeVarLong(report.seen(), true);
                            output.writeVarInt(report.reservoir(), true);
                        },
                        input -> new ClassReport.Admitted(
                                input.readVarInt(true),
                                input.readVarLong(true),
                                input.readVarLong(true),
                                input.readVarInt(true))),
                Format.of(
                        42,
                        "class-entered",
                        ClassReport.PhaseEntered.class,
                        (output, report) -> {
                            output.writeVarInt(report.label(), true);
                            writePhase(output, report.phase());
                        },
                        input -> new ClassReport.PhaseEntered(input.readVarInt(true), readPhase(input))),
                Format.of(
                        43,
                        "class-failed",
                        ClassReport.Failed.class,
                        (output, report) -> {
                            output.writeVarInt(report.label(), true);
                            Fields.writeText(output, report.failure().name());
                            Fields.writeText(output, report.detail());
                        },
                        input -> new ClassReport.Failed(
                                input.readVarInt(true),
                                StoreFailure.valueOf(Fields.readText(input)),
                                Fields.readText(input))),
                Format.of(
                        44,
                        "class-view",
                        ClassView.class,
                        LifecycleCatalogue::writeView,
                        input -> new ClassView(
                                input.readVarInt(true),
                                readPhase(input),
                                input.readVarLong(true),
                                input.readVarInt(true),
                                input.readVarInt(true),
                                input.readVarInt(true),
                                input.readVarLong(true),
                                readLoss(input),
                                readInstant(input))));
    }

    private static void writeAdmitted(Output output, ClassEvent.SamplesAdmitted event) {
        output.writeVarLong(event.first(), true);
        writeFingerprints(output, event.samples());
        writeKept(output, event.kept());
    }

    private static void writeState(Output output, ClassState state) {
        writePhase(output, state.phase());
        output.writeVarLong(state.seen(), true);
        output.writeLong(state.reservoir().key());
        output.writeVarInt(state.reservoir().capacity(), true);
        output.writeLong(state.reservoir().bound());
        writeKept(output, state.reservoir().kept());
        output.writeVarInt(state.window().capacity(), true);
        writeFingerprints(output, state.window().all());
        Fields.writeOptional(output, state.learned(), learned -> writeLearned(output, learned));
    }

    private static ClassState readState(Input input) {
        return new ClassState(
                readPhase(input),
                input.readVarLong(true),
                Reservoir.restored(input.readLong(), input.readVarInt(true), input.readLong(), readKept(input)),
                Window.ofCapacity(input.readVarInt(true)).with(readFingerprints(input)),
                Fields.readOptional(input, () -> readLearned(input)));
    }

    private static void writeRecovered(Output output, ClassReport.Recovered report) {
        output.writeVarInt(report.label(), true);
        output.writeVarLong(report.epoch(), true);
        writePhase(output, report.phase());
        output.writeVarLong(report.seen(), true);
        output.writeVarInt(report.reservoir(), true);
        Fields.writeOptional(output, report.capacity(), capacity -> writeCapacity(output, capacity));
        writeFingerprints(output, report.known());
        output.writeBoolean(report.learning());
    }

    private static void writeView(Output output, ClassView view) {
        output.writeVarInt(view.label(), true);
        writePhase(output, view.phase());
        output.writeVarLong(view.seen(), true);
        output.writeVarInt(view.reservoir(), true);
        output.writeVarInt(view.capacity(), true);
        output.writeVarInt(view.images(), true);
        output.writeVarLong(view.innerLoops(), true);
        writeLoss(output, view.matchingLoss());
        writeInstant(output, view.updated());
    }

    /** The images of a class have one shape, which is written once. */
    private static void writeKept(Output output, List<Kept> all) {
        Fields.writeOptional(
                output,
                all.stream().findFirst(),
                first -> Fields.writeShape(output, first.image().shape()));
        Fields.writeList(output, all, each -> {
            output.writeVarLong(each.ordinal(), true);
            Fields.writePixels(output, each.image());
        });
    }

    private static List<Kept> readKept(Input input) {
        Optional<ImageShape> shape = Fields.readOptional(input, () -> Fields.readShape(input));
        return Fields.readList(
                input,
                () -> new Kept(
                        input.readVarLong(true),
                        Fields.readPixels(
                                input,
                                shape.orElseThrow(() -> new IllegalArgumentException("images without a shape")))));
    }

    private static void writeLearned(Output output, Learned learned) {
        Fields.writeBatch(output, learned.images());
        Fields.writeBatch(output, learned.velocity());
        Fields.writeBatch(output, learned.average());
        output.writeVarLong(learned.innerLoops(), true);
        writeLoss(output, learned.matchingLoss());
        writeInstant(output, learned.updated());
    }

    private static Learned readLearned(Input input) {
        return new Learned(
                Fields.readBatch(input),
                Fields.readBatch(input),
                Fields.readBatch(input),
                input.readVarLong(true),
                readLoss(input),
                readInstant(input));
    }

    private static void writeFingerprints(Output output, Fingerprints fingerprints) {
        Fields.writeLongs(output, fingerprints.toArray());
    }

    private static Fingerprints readFingerprints(Input input) {
        return Fingerprints.of(Fields.readLongs(input));
    }

    private static void writePhase(Output output, ClassPhase phase) {
        output.writeVarInt(phase.code(), true);
    }

    private static ClassPhase readPhase(Input input) {
        return ClassPhase.of(input.readVarInt(true));
    }

    private static void writeCapacity(Output output, Capacity capacity) {
        output.writeVarInt(capacity.images(), true);
        output.writeVarInt(capacity.fingerprints(), true);
    }

    private static Capacity readCapacity(Input input) {
        return new Capacity(input.readVarInt(true), input.readVarInt(true));
    }

    private static void writeLoss(Output output, OptionalDouble loss) {
        output.writeBoolean(loss.isPresent());
        loss.ifPresent(output::writeDouble);
    }

    private static OptionalDouble readLoss(Input input) {
        return input.readBoolean() ? OptionalDouble.of(input.readDouble()) : OptionalDouble.empty();
    }

    private static void writeInstant(Output output, Instant instant) {
        output.writeLong(instant.toEpochMilli());
    }

    private static Instant readInstant(Input input) {
        return Instant.ofEpochMilli(input.readLong());
    }
}
