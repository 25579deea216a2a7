package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.FingerprintWindow;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.List;
import java.util.Optional;

/** Serialises the events and the snapshots of a durable class. */
final class StoredClassFormats {

    private StoredClassFormats() {}

    static List<VersionedFormat<?>> all() {
        return List.of(
                new VersionedFormat<>(
                        "samples-admitted",
                        2,
                        ClassEvent.SamplesAdded.class,
                        StoredClassFormats::writeSamplesAdded,
                        StoredClassFormats::readSamplesAdded),
                VersionedFormat.of(
                        "images-learned",
                        ClassEvent.ImagesLearned.class,
                        (output, event) -> ClassFieldFormats.writeLearned(output, event.learned()),
                        input -> new ClassEvent.ImagesLearned(ClassFieldFormats.readLearned(input))),
                VersionedFormat.of(
                        "phase-entered",
                        ClassEvent.PhaseEntered.class,
                        (output, event) -> ClassFieldFormats.writePhase(output, event.phase()),
                        input -> new ClassEvent.PhaseEntered(ClassFieldFormats.readPhase(input))),
                new VersionedFormat<>(
                        "capacity-changed",
                        2,
                        ClassEvent.CapacityChanged.class,
                        (output, event) -> ClassFieldFormats.writeCapacity(output, event.capacity()),
                        (input, version) ->
                                new ClassEvent.CapacityChanged(ClassFieldFormats.readCapacity(input, version > 1))),
                VersionedFormat.of(
                        "seal-requested",
                        ClassEvent.SealRequested.class,
                        (output, event) -> output.writeBoolean(event.requested()),
                        input -> new ClassEvent.SealRequested(input.readBoolean())),
                new VersionedFormat<>(
                        "class-state",
                        2,
                        StoredSnapshot.class,
                        StoredClassFormats::writeState,
                        StoredClassFormats::readState));
    }

    private static void writeSamplesAdded(Output output, ClassEvent.SamplesAdded event) {
        output.writeVarLong(event.first(), true);
        ClassFieldFormats.writeFingerprints(output, event.fingerprints());
        ClassFieldFormats.writeReservoirImages(output, event.chosen());
        ClassFieldFormats.writeReservoirImages(output, event.testImages());
        ClassFieldFormats.writeInstant(output, event.arrived());
        FieldFormats.writeOptional(output, event.expiry(), expiry -> ClassFieldFormats.writeExpiry(output, expiry));
    }

    private static ClassEvent.SamplesAdded readSamplesAdded(Input input, int version) {
        long first = input.readVarLong(true);
        FingerprintBlock fingerprints = ClassFieldFormats.readFingerprints(input);
        List<ReservoirImage> chosen = ClassFieldFormats.readReservoirImages(input, version > 1);
        if (version == 1) {
            return new ClassEvent.SamplesAdded(
                    first, ReservoirImage.UNKNOWN, Optional.empty(), fingerprints, chosen, List.of());
        }
        List<ReservoirImage> testImages = ClassFieldFormats.readReservoirImages(input, true);
        return new ClassEvent.SamplesAdded(
                first,
                ClassFieldFormats.readInstant(input),
                FieldFormats.readOptional(input, () -> ClassFieldFormats.readExpiry(input)),
                fingerprints,
                chosen,
                testImages);
    }

    private static void writeState(Output output, StoredSnapshot stored) {
        ClassState state = stored.state();
        ClassFieldFormats.writePhase(output, state.phase());
        output.writeVarLong(state.seen(), true);
        ClassFieldFormats.writeReservoir(output, state.reservoir());
        output.writeVarInt(state.window().capacity(), true);
        ClassFieldFormats.writeFingerprints(output, state.window().all());
        FieldFormats.writeOptional(
                output, stored.learned(), learned -> ClassFieldFormats.writeLearned(output, learned));
        ClassFieldFormats.writeReservoir(output, state.testImages());
        output.writeBoolean(state.sealRequested());
    }

    private static StoredSnapshot readState(Input input, int version) {
        ClassPhase phase = ClassFieldFormats.readPhase(input);
        long seen = input.readVarLong(true);
        Reservoir reservoir = ClassFieldFormats.readReservoir(input, version > 1);
        FingerprintWindow window =
                FingerprintWindow.restored(input.readVarInt(true), ClassFieldFormats.readFingerprints(input));
        Optional<LearnedImages> learned = FieldFormats.readOptional(input, () -> ClassFieldFormats.readLearned(input));
        Reservoir testImages =
                version == 1 ? Reservoir.empty(reservoir.key(), 0) : ClassFieldFormats.readReservoir(input, true);
        boolean sealRequested = version > 1 && input.readBoolean();
        return new StoredSnapshot(new ClassState(phase, seen, reservoir, testImages, window, sealRequested), learned);
    }
}
