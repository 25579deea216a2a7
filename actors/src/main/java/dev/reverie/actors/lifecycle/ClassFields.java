package dev.reverie.actors.lifecycle;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.Fingerprints;
import dev.reverie.actors.reservoir.Kept;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the parts of a class are written, in what is stored of it and in what is said to it and about it. */
final class ClassFields {

    private ClassFields() {}

    /** The images of a class have one shape, which is written once. */
    static void writeKept(Output output, List<Kept> all) {
        Fields.writeOptional(
                output,
                all.stream().findFirst(),
                first -> Fields.writeShape(output, first.image().shape()));
        Fields.writeList(output, all, each -> {
            output.writeVarLong(each.ordinal(), true);
            Fields.writePixels(output, each.image());
        });
    }

    static List<Kept> readKept(Input input) {
        Optional<ImageShape> shape = Fields.readOptional(input, () -> Fields.readShape(input));
        return Fields.readList(
                input,
                () -> new Kept(
                        input.readVarLong(true),
                        Fields.readPixels(
                                input,
                                shape.orElseThrow(() -> new IllegalArgumentException("images without a shape")))));
    }

    static void writeLearned(Output output, Learned learned) {
        Fields.writeBatch(output, learned.images());
        Fields.writeBatch(output, learned.velocity());
        Fields.writeBatch(output, learned.average());
        output.writeVarLong(learned.innerLoops(), true);
        Fields.writeDouble(output, learned.matchingLoss());
        writeInstant(output, learned.updated());
    }

    static Learned readLearned(Input input) {
        return new Learned(
                Fields.readBatch(input),
                Fields.readBatch(input),
                Fields.readBatch(input),
                input.readVarLong(true),
                Fields.readDouble(input),
                readInstant(input));
    }

    static void writeFingerprints(Output output, Fingerprints fingerprints) {
        Fields.writeLongs(output, fingerprints.toArray());
    }

    static Fingerprints readFingerprints(Input input) {
        return Fingerprints.of(Fields.readLongs(input));
    }

    static void writePhase(Output output, ClassPhase phase) {
        output.writeVarInt(phase.code(), true);
    }

    static ClassPhase readPhase(Input input) {
        return ClassPhase.of(input.readVarInt(true));
    }

    static void writeCapacity(Output output, Capacity capacity) {
        output.writeVarInt(capacity.images(), true);
        output.writeVarInt(capacity.fingerprints(), true);
    }

    static Capacity readCapacity(Input input) {
        return new Capacity(input.readVarInt(true), input.readVarInt(true));
    }

    static void writeInstant(Output output, Instant instant) {
        output.writeLong(instant.toEpochMilli());
    }

    static Instant readInstant(Input input) {
        return Instant.ofEpochMilli(input.readLong());
    }
}
