package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.FingerprintWindow;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Serialises the events and the snapshots of a durable class.
 *
 * @param layouts layouts of the records in them
 */
record StoredClassFormats(Layouts layouts) {

    List<VersionedFormat<?>> all() {
        return List.of(
                new VersionedFormat<>(
                        "samples-admitted",
                        2,
                        ClassEvent.SamplesAdded.class,
                        this::writeSamplesAdded,
                        this::readSamplesAdded),
                layouts.format("sample-withdrawn", ClassEvent.SampleWithdrawn.class),
                layouts.format("images-learned", ClassEvent.ImagesLearned.class),
                layouts.format("phase-entered", ClassEvent.PhaseEntered.class),
                layouts.format("capacity-changed", ClassEvent.CapacityChanged.class, withoutTestImages(layouts)),
                layouts.format("seal-requested", ClassEvent.SealRequested.class),
                new VersionedFormat<>("class-state", 2, StoredSnapshot.class, this::writeState, this::readState));
    }

    /** The layouts of version 1 of a record with a capacity, which had no test images. */
    static Layouts withoutTestImages(Layouts layouts) {
        return layouts.withEarlier(
                ClassCapacity.class,
                FirstCapacity.class,
                first -> new ClassCapacity(first.images(), 0, first.fingerprints()));
    }

    private record FirstCapacity(int images, int fingerprints) {}

    static void writeCapacity(Output output, ClassCapacity capacity) {
        output.writeVarInt(capacity.images(), true);
        output.writeVarInt(capacity.fingerprints(), true);
        output.writeVarInt(capacity.testImages(), true);
    }

    static ClassCapacity readCapacity(Input input) {
        int images = input.readVarInt(true);
        int fingerprints = input.readVarInt(true);
        return new ClassCapacity(images, input.readVarInt(true), fingerprints);
    }

    static void writeFingerprints(Output output, FingerprintBlock fingerprints) {
        FieldFormats.writeLongs(output, fingerprints.toArray());
    }

    static FingerprintBlock readFingerprints(Input input) {
        return FingerprintBlock.of(FieldFormats.readLongs(input));
    }

    private void writeSamplesAdded(Output output, ClassEvent.SamplesAdded event) {
        output.writeVarLong(event.first(), true);
        writeFingerprints(output, event.fingerprints());
        writeImages(output, event.chosen());
        writeImages(output, event.testImages());
        FieldFormats.writeInstant(output, event.arrived());
        FieldFormats.writeOptional(
                output, event.expiry(), expiry -> layouts.write(output, MaxAge.Expiry.class, expiry));
    }

    private ClassEvent.SamplesAdded readSamplesAdded(Input input, int version) {
        long first = input.readVarLong(true);
        FingerprintBlock fingerprints = readFingerprints(input);
        List<ReservoirImage> chosen = readImages(input, version);
        if (version == 1) {
            return new ClassEvent.SamplesAdded(
                    first, ReservoirImage.UNKNOWN, Optional.empty(), fingerprints, chosen, List.of());
        }
        List<ReservoirImage> testImages = readImages(input, version);
        return new ClassEvent.SamplesAdded(
                first,
                FieldFormats.readInstant(input),
                FieldFormats.readOptional(input, () -> layouts.read(input, MaxAge.Expiry.class)),
                fingerprints,
                chosen,
                testImages);
    }

    private void writeState(Output output, StoredSnapshot stored) {
        ClassState state = stored.state();
        layouts.write(output, ClassPhase.class, state.phase());
        output.writeVarLong(state.seen(), true);
        writeReservoir(output, state.reservoir());
        output.writeVarInt(state.window().capacity(), true);
        writeFingerprints(output, state.window().all());
        FieldFormats.writeOptional(
                output, stored.learned(), learned -> layouts.write(output, LearnedImages.class, learned));
        writeReservoir(output, state.testImages());
        output.writeBoolean(state.sealRequested());
    }

    private StoredSnapshot readState(Input input, int version) {
        ClassPhase phase = layouts.read(input, ClassPhase.class);
        long seen = input.readVarLong(true);
        Reservoir reservoir = readReservoir(input, version);
        FingerprintWindow window = FingerprintWindow.restored(input.readVarInt(true), readFingerprints(input));
        Optional<LearnedImages> learned =
                FieldFormats.readOptional(input, () -> layouts.read(input, LearnedImages.class));
        Reservoir testImages = version == 1 ? Reservoir.empty(reservoir.key(), 0) : readReservoir(input, version);
        boolean sealRequested = version > 1 && input.readBoolean();
        return new StoredSnapshot(new ClassState(phase, seen, reservoir, testImages, window, sealRequested), learned);
    }

    private static void writeReservoir(Output output, Reservoir reservoir) {
        output.writeLong(reservoir.key());
        output.writeVarInt(reservoir.capacity(), true);
        output.writeLong(reservoir.bound());
        writeImages(output, reservoir.entries());
    }

    private static Reservoir readReservoir(Input input, int version) {
        return Reservoir.restored(
                input.readLong(), input.readVarInt(true), input.readLong(), readImages(input, version));
    }

    /** Writes images. All have the same shape, which is written once. */
    private static void writeImages(Output output, List<ReservoirImage> all) {
        FieldFormats.writeOptional(
                output,
                all.stream().findFirst(),
                first -> FieldFormats.writeShape(output, first.image().shape()));
        FieldFormats.writeList(output, all, each -> {
            output.writeVarLong(each.ordinal(), true);
            FieldFormats.writeInstant(output, each.arrived());
            FieldFormats.writePixels(output, each.image());
        });
    }

    /** Reads images; in version 1, they are without the time of their arrival. */
    private static List<ReservoirImage> readImages(Input input, int version) {
        Optional<ImageShape> shape = FieldFormats.readOptional(input, () -> FieldFormats.readShape(input));
        return FieldFormats.readList(input, () -> {
            long ordinal = input.readVarLong(true);
            Instant arrived = version == 1 ? ReservoirImage.UNKNOWN : FieldFormats.readInstant(input);
            ImageShape known =
                    shape.orElseThrow(() -> new IllegalArgumentException("the shape of the images is missing"));
            return new ReservoirImage(ordinal, FieldFormats.readPixels(input, known), arrived);
        });
    }
}
