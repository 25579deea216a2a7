package dev.reverie.actors.checkpoint;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.trajectory.StudentLearningRate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a checkpoint, one after the other, with the streams of Kryo. */
final class CheckpointBody {

    /** First version that contains the training accuracy of each network. */
    private static final int ACCURACY_VERSION = 5;

    private CheckpointBody() {}

    static void write(Output output, RunCheckpoint checkpoint) {
        writeFingerprint(output, checkpoint.fingerprint());
        FieldFormats.writePosition(output, checkpoint.position());
        output.writeVarLong(checkpoint.cursor().epoch(), true);
        output.writeVarInt(checkpoint.cursor().offset(), true);
        FieldFormats.writeList(output, checkpoint.classes(), snapshot -> ClassSnapshot.write(output, snapshot));
        FieldFormats.writeList(output, checkpoint.joined(), images -> writeClass(output, images));
        FieldFormats.writeList(output, checkpoint.networks(), network -> writeNetwork(output, network));
        FieldFormats.writeOptional(output, checkpoint.studentRate(), rate -> {
            output.writeDouble(rate.value());
            output.writeDouble(rate.velocity());
        });
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param version version of the format
     */
    static RunCheckpoint read(Input input, int version) {
        return new RunCheckpoint(
                readFingerprint(input),
                FieldFormats.readPosition(input),
                new EpochSampler.Cursor(input.readVarLong(true), input.readVarInt(true)),
                FieldFormats.readList(input, () -> ClassSnapshot.read(input)),
                FieldFormats.readList(input, () -> readClass(input)),
                FieldFormats.readList(input, () -> readNetwork(input, version)),
                FieldFormats.readOptional(
                        input, () -> new StudentLearningRate(input.readDouble(), input.readDouble())));
    }

    static void writeFingerprint(Output output, RunFingerprint fingerprint) {
        Map<String, String> sorted = new TreeMap<>(fingerprint.entries());
        output.writeVarInt(sorted.size(), true);
        sorted.forEach((name, value) -> {
            FieldFormats.writeText(output, name);
            FieldFormats.writeText(output, value);
        });
    }

    private static RunFingerprint readFingerprint(Input input) {
        int count = FieldFormats.readCount(input, 2);
        Map<String, String> entries = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            entries.put(FieldFormats.readText(input), FieldFormats.readText(input));
        }
        return new RunFingerprint(entries);
    }

    private static void writeClass(Output output, ClassImages images) {
        FieldFormats.writeText(output, images.name());
        FieldFormats.writeList(output, images.images(), image -> FieldFormats.writeImage(output, image));
    }

    private static ClassImages readClass(Input input) {
        return new ClassImages(
                FieldFormats.readText(input), FieldFormats.<Image>readList(input, () -> FieldFormats.readImage(input)));
    }

    private static void writeNetwork(Output output, NetworkState state) {
        output.writeVarInt(state.network().outer(), true);
        output.writeVarInt(state.network().classes(), true);
        FieldFormats.writeList(output, state.parameters(), values -> FieldFormats.writeFloats(output, values));
        FieldFormats.writeList(output, state.velocities(), values -> FieldFormats.writeFloats(output, values));
        output.writeDouble(state.accuracy());
    }

    private static NetworkState readNetwork(Input input, int version) {
        return new NetworkState(
                new NetworkId(input.readVarInt(true), input.readVarInt(true)),
                FieldFormats.readList(input, () -> FieldFormats.readFloats(input)),
                FieldFormats.readList(input, () -> FieldFormats.readFloats(input)),
                version >= ACCURACY_VERSION ? input.readDouble() : 0);
    }
}
