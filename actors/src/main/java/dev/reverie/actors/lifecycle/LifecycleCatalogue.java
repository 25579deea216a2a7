package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.Window;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.Catalogue;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.actors.serialization.Format;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Image;
import java.util.ArrayList;
import java.util.List;

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
                                input.readVarLong(true),
                                ClassFields.readFingerprints(input),
                                ClassFields.readKept(input))),
                Format.of(
                        21,
                        "images-learned",
                        ClassEvent.ImagesLearned.class,
                        (output, event) -> ClassFields.writeLearned(output, event.learned()),
                        input -> new ClassEvent.ImagesLearned(ClassFields.readLearned(input))),
                Format.of(
                        22,
                        "phase-entered",
                        ClassEvent.PhaseEntered.class,
                        (output, event) -> ClassFields.writePhase(output, event.phase()),
                        input -> new ClassEvent.PhaseEntered(ClassFields.readPhase(input))),
                Format.of(
                        23,
                        "capacity-changed",
                        ClassEvent.CapacityChanged.class,
                        (output, event) -> ClassFields.writeCapacity(output, event.capacity()),
                        input -> new ClassEvent.CapacityChanged(ClassFields.readCapacity(input))),
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
                            ClassFields.writeFingerprints(output, admit.samples());
                            Fields.writeList(output, admit.images(), image -> Fields.writeImage(output, image));
                        },
                        input -> new ClassCommand.Admit(
                                input.readVarLong(true),
                                input.readVarLong(true),
                                ClassFields.readFingerprints(input),
                                Fields.<Image>readList(input, () -> Fields.readImage(input)))),
                Format.of(
                        31,
                        "change-capacity",
                        ClassCommand.ChangeCapacity.class,
                        (output, change) -> ClassFields.writeCapacity(output, change.capacity()),
                        input -> new ClassCommand.ChangeCapacity(ClassFields.readCapacity(input))),
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
                            ClassFields.writePhase(output, enter.phase());
                            actors.write(output, enter.replyTo());
                        },
                        input -> new ClassCommand.EnterPhase(ClassFields.readPhase(input), actors.read(input))),
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
                                ClassFields.readPhase(input),
                                input.readVarLong(true),
                                input.readVarInt(true),
                                Fields.readOptional(input, () -> ClassFields.readCapacity(input)),
                                ClassFields.readFingerprints(input),
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
                            ClassFields.writePhase(output, report.phase());
                        },
                        input -> new ClassReport.PhaseEntered(input.readVarInt(true), ClassFields.readPhase(input))),
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
                                ClassFields.readPhase(input),
                                input.readVarLong(true),
                                input.readVarInt(true),
                                input.readVarInt(true),
                                input.readVarInt(true),
                                input.readVarLong(true),
                                Fields.readDouble(input),
                                ClassFields.readInstant(input))));
    }

    private static void writeAdmitted(Output output, ClassEvent.SamplesAdmitted event) {
        output.writeVarLong(event.first(), true);
        ClassFields.writeFingerprints(output, event.samples());
        ClassFields.writeKept(output, event.kept());
    }

    private static void writeState(Output output, ClassState state) {
        ClassFields.writePhase(output, state.phase());
        output.writeVarLong(state.seen(), true);
        output.writeLong(state.reservoir().key());
        output.writeVarInt(state.reservoir().capacity(), true);
        output.writeLong(state.reservoir().bound());
        ClassFields.writeKept(output, state.reservoir().kept());
        output.writeVarInt(state.window().capacity(), true);
        ClassFields.writeFingerprints(output, state.window().all());
        Fields.writeOptional(output, state.learned(), learned -> ClassFields.writeLearned(output, learned));
    }

    private static ClassState readState(Input input) {
        return new ClassState(
                ClassFields.readPhase(input),
                input.readVarLong(true),
                Reservoir.restored(
                        input.readLong(), input.readVarInt(true), input.readLong(), ClassFields.readKept(input)),
                Window.ofCapacity(input.readVarInt(true)).with(ClassFields.readFingerprints(input)),
                Fields.readOptional(input, () -> ClassFields.readLearned(input)));
    }

    private static void writeRecovered(Output output, ClassReport.Recovered report) {
        output.writeVarInt(report.label(), true);
        output.writeVarLong(report.epoch(), true);
        ClassFields.writePhase(output, report.phase());
        output.writeVarLong(report.seen(), true);
        output.writeVarInt(report.reservoir(), true);
        Fields.writeOptional(output, report.capacity(), capacity -> ClassFields.writeCapacity(output, capacity));
        ClassFields.writeFingerprints(output, report.known());
        output.writeBoolean(report.learning());
    }

    private static void writeView(Output output, ClassView view) {
        output.writeVarInt(view.label(), true);
        ClassFields.writePhase(output, view.phase());
        output.writeVarLong(view.seen(), true);
        output.writeVarInt(view.reservoir(), true);
        output.writeVarInt(view.capacity(), true);
        output.writeVarInt(view.images(), true);
        output.writeVarLong(view.innerLoops(), true);
        Fields.writeDouble(output, view.matchingLoss());
        ClassFields.writeInstant(output, view.updated());
    }
}
