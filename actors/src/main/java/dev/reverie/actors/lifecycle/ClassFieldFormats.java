package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Serialises the fields that events, snapshots and messages of a class have in common. */
final class ClassFieldFormats {

    private ClassFieldFormats() {}

    /** Writes the images of a reservoir. All have the same shape, which is written once. */
    static void writeReservoirImages(Output output, List<ReservoirImage> all) {
        FieldFormats.writeOptional(
                output,
                all.stream().findFirst(),
                first -> FieldFormats.writeShape(output, first.image().shape()));
        FieldFormats.writeList(output, all, each -> {
            output.writeVarLong(each.ordinal(), true);
            writeInstant(output, each.arrived());
            FieldFormats.writePixels(output, each.image());
        });
    }

    /**
     * Reads the images of a reservoir.
     *
     * @param hasArrival whether they were written with the time of their arrival
     */
    static List<ReservoirImage> readReservoirImages(Input input, boolean hasArrival) {
        Optional<ImageShape> shape = FieldFormats.readOptional(input, () -> FieldFormats.readShape(input));
        return FieldFormats.readList(input, () -> {
            long ordinal = input.readVarLong(true);
            Instant arrived = hasArrival ? readInstant(input) : ReservoirImage.UNKNOWN;
            ImageShape known =
                    shape.orElseThrow(() -> new IllegalArgumentException("the shape of the images is missing"));
            return new ReservoirImage(ordinal, FieldFormats.readPixels(input, known), arrived);
        });
    }

    static void writeLearned(Output output, LearnedImages learned) {
        FieldFormats.writeBatch(output, learned.images());
        FieldFormats.writeBatch(output, learned.velocity());
        FieldFormats.writeBatch(output, learned.average());
        output.writeVarLong(learned.innerLoops(), true);
        FieldFormats.writeDouble(output, learned.matchingLoss());
        writeInstant(output, learned.updated());
    }

    static LearnedImages readLearned(Input input) {
        return new LearnedImages(
                FieldFormats.readBatch(input),
                FieldFormats.readBatch(input),
                FieldFormats.readBatch(input),
                input.readVarLong(true),
                FieldFormats.readDouble(input),
                readInstant(input));
    }

    static void writeFingerprints(Output output, FingerprintBlock fingerprints) {
        FieldFormats.writeLongs(output, fingerprints.toArray());
    }

    static FingerprintBlock readFingerprints(Input input) {
        return FingerprintBlock.of(FieldFormats.readLongs(input));
    }

    static void writePhase(Output output, ClassPhase phase) {
        output.writeVarInt(phase.code(), true);
    }

    static ClassPhase readPhase(Input input) {
        return ClassPhase.of(input.readVarInt(true));
    }

    static void writeCapacity(Output output, ClassCapacity capacity) {
        output.writeVarInt(capacity.images(), true);
        output.writeVarInt(capacity.fingerprints(), true);
        output.writeVarInt(capacity.testImages(), true);
    }

    /**
     * Reads a capacity.
     *
     * @param hasTestImages whether it was written with a number of test images
     */
    static ClassCapacity readCapacity(Input input, boolean hasTestImages) {
        int images = input.readVarInt(true);
        int fingerprints = input.readVarInt(true);
        return new ClassCapacity(images, hasTestImages ? input.readVarInt(true) : 0, fingerprints);
    }

    static void writeReservoir(Output output, Reservoir reservoir) {
        output.writeLong(reservoir.key());
        output.writeVarInt(reservoir.capacity(), true);
        output.writeLong(reservoir.bound());
        writeReservoirImages(output, reservoir.entries());
    }

    /**
     * Reads a reservoir.
     *
     * @param hasArrival whether its images were written with the time of their arrival
     */
    static Reservoir readReservoir(Input input, boolean hasArrival) {
        return Reservoir.restored(
                input.readLong(), input.readVarInt(true), input.readLong(), readReservoirImages(input, hasArrival));
    }

    static void writeExpiry(Output output, MaxAge.Expiry expiry) {
        writeInstant(output, expiry.before());
        output.writeVarInt(expiry.images(), true);
        output.writeVarInt(expiry.testImages(), true);
    }

    static MaxAge.Expiry readExpiry(Input input) {
        return new MaxAge.Expiry(readInstant(input), input.readVarInt(true), input.readVarInt(true));
    }

    static void writeInstant(Output output, Instant instant) {
        output.writeLong(instant.toEpochMilli());
    }

    static Instant readInstant(Input input) {
        return Instant.ofEpochMilli(input.readLong());
    }
}
