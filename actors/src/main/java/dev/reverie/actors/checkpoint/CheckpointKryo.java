package dev.reverie.actors.checkpoint;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
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

/**
 * Configures Kryo for checkpoints: registers the stored types, each with its own serializer. A checkpoint contains what
 * the serializers write, and neither the names nor the registration numbers of the types.
 */
final class CheckpointKryo {

    /** First version that contains the training accuracy of each network. */
    private static final int ACCURACY_VERSION = 5;

    private CheckpointKryo() {}

    /**
     * Creates a serializer of checkpoints.
     *
     * @param version version of the format
     */
    static Kryo create(int version) {
        Kryo kryo = new Kryo();
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        kryo.register(RunCheckpoint.class, new CheckpointSerializer());
        kryo.register(RunFingerprint.class, new FingerprintSerializer());
        kryo.register(ClassSnapshot.class, new ClassSnapshotSerializer());
        kryo.register(ClassImages.class, new ClassImagesSerializer());
        kryo.register(NetworkState.class, new NetworkStateSerializer(version >= ACCURACY_VERSION));
        return kryo;
    }

    private static final class CheckpointSerializer extends ImmutableSerializer<RunCheckpoint> {
        @Override
        public void write(Kryo kryo, Output output, RunCheckpoint checkpoint) {
            kryo.writeObject(output, checkpoint.fingerprint());
            FieldFormats.writePosition(output, checkpoint.position());
            output.writeVarLong(checkpoint.cursor().epoch(), true);
            output.writeVarInt(checkpoint.cursor().offset(), true);
            FieldFormats.writeList(output, checkpoint.classes(), snapshot -> kryo.writeObject(output, snapshot));
            FieldFormats.writeList(output, checkpoint.joined(), images -> kryo.writeObject(output, images));
            FieldFormats.writeList(output, checkpoint.networks(), network -> kryo.writeObject(output, network));
            FieldFormats.writeOptional(output, checkpoint.studentRate(), rate -> {
                output.writeDouble(rate.value());
                output.writeDouble(rate.velocity());
            });
        }

        @Override
        public RunCheckpoint read(Kryo kryo, Input input, Class<? extends RunCheckpoint> type) {
            return new RunCheckpoint(
                    kryo.readObject(input, RunFingerprint.class),
                    FieldFormats.readPosition(input),
                    new EpochSampler.Cursor(input.readVarLong(true), input.readVarInt(true)),
                    FieldFormats.readList(input, () -> kryo.readObject(input, ClassSnapshot.class)),
                    FieldFormats.readList(input, () -> kryo.readObject(input, ClassImages.class)),
                    FieldFormats.readList(input, () -> kryo.readObject(input, NetworkState.class)),
                    FieldFormats.readOptional(
                            input, () -> new StudentLearningRate(input.readDouble(), input.readDouble())));
        }
    }

    private static final class FingerprintSerializer extends ImmutableSerializer<RunFingerprint> {
        @Override
        public void write(Kryo kryo, Output output, RunFingerprint fingerprint) {
            Map<String, String> sorted = new TreeMap<>(fingerprint.entries());
            output.writeVarInt(sorted.size(), true);
            sorted.forEach((name, value) -> {
                FieldFormats.writeText(output, name);
                FieldFormats.writeText(output, value);
            });
        }

        @Override
        public RunFingerprint read(Kryo kryo, Input input, Class<? extends RunFingerprint> type) {
            int count = FieldFormats.readCount(input, 2);
            Map<String, String> entries = HashMap.newHashMap(count);
            for (int i = 0; i < count; i++) {
                entries.put(FieldFormats.readText(input), FieldFormats.readText(input));
            }
            return new RunFingerprint(entries);
        }
    }

    private static final class ClassSnapshotSerializer extends ImmutableSerializer<ClassSnapshot> {
        @Override
        public void write(Kryo kryo, Output output, ClassSnapshot snapshot) {
            ClassSnapshot.write(output, snapshot);
        }

        @Override
        public ClassSnapshot read(Kryo kryo, Input input, Class<? extends ClassSnapshot> type) {
            return ClassSnapshot.read(input);
        }
    }

    private static final class ClassImagesSerializer extends ImmutableSerializer<ClassImages> {
        @Override
        public void write(Kryo kryo, Output output, ClassImages images) {
            FieldFormats.writeText(output, images.name());
            FieldFormats.writeList(output, images.images(), image -> FieldFormats.writeImage(output, image));
        }

        @Override
        public ClassImages read(Kryo kryo, Input input, Class<? extends ClassImages> type) {
            return new ClassImages(
                    FieldFormats.readText(input),
                    FieldFormats.<Image>readList(input, () -> FieldFormats.readImage(input)));
        }
    }

    private static final class NetworkStateSerializer extends ImmutableSerializer<NetworkState> {

        private final boolean withAccuracy;

        NetworkStateSerializer(boolean withAccuracy) {
            this.withAccuracy = withAccuracy;
        }

        @Override
        public void write(Kryo kryo, Output output, NetworkState state) {
            output.writeVarInt(state.network().outer(), true);
            output.writeVarInt(state.network().classes(), true);
            FieldFormats.writeList(output, state.parameters(), values -> FieldFormats.writeFloats(output, values));
            FieldFormats.writeList(output, state.velocities(), values -> FieldFormats.writeFloats(output, values));
            if (withAccuracy) {
                output.writeDouble(state.accuracy());
            }
        }

        @Override
        public NetworkState read(Kryo kryo, Input input, Class<? extends NetworkState> type) {
            return new NetworkState(
                    new NetworkId(input.readVarInt(true), input.readVarInt(true)),
                    FieldFormats.readList(input, () -> FieldFormats.readFloats(input)),
                    FieldFormats.readList(input, () -> FieldFormats.readFloats(input)),
                    withAccuracy ? input.readDouble() : 0);
        }
    }
}
