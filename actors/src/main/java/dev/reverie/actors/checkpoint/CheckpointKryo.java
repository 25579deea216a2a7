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
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.trajectory.StudentLearningRate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kryo as checkpoints use it: only the types registered here, each with a serializer of its own and a fixed number, so
 * that neither a class name nor the order of our fields leaks into the files. Numbers are part of the format.
 */
final class CheckpointKryo {

    private CheckpointKryo() {}

    static Kryo create() {
        Kryo kryo = new Kryo();
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        kryo.register(Checkpoint.class, new OfCheckpoint(), 10);
        kryo.register(RunFingerprint.class, new OfConfiguration(), 11);
        kryo.register(ClassSnapshot.class, new OfClassSnapshot(), 12);
        kryo.register(ClassImages.class, new OfClassImages(), 13);
        kryo.register(NetworkState.class, new OfNetworkState(), 14);
        return kryo;
    }

    private static final class OfCheckpoint extends ImmutableSerializer<Checkpoint> {
        @Override
        public void write(Kryo kryo, Output output, Checkpoint checkpoint) {
            kryo.writeObject(output, checkpoint.configuration());
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
        public Checkpoint read(Kryo kryo, Input input, Class<? extends Checkpoint> type) {
            return new Checkpoint(
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

    private static final class OfConfiguration extends ImmutableSerializer<RunFingerprint> {
        @Override
        public void write(Kryo kryo, Output output, RunFingerprint configuration) {
            Map<String, String> sorted = new TreeMap<>(configuration.entries());
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

    private static final class OfClassSnapshot extends ImmutableSerializer<ClassSnapshot> {
        @Override
        public void write(Kryo kryo, Output output, ClassSnapshot snapshot) {
            ClassSnapshot.write(output, snapshot);
        }

        @Override
        public ClassSnapshot read(Kryo kryo, Input input, Class<? extends ClassSnapshot> type) {
            return ClassSnapshot.read(input);
        }
    }

    private static final class OfClassImages extends ImmutableSerializer<ClassImages> {
        @Override
        public void write(Kryo kryo, Output output, ClassImages images) {
            FieldFormats.writeText(output, images.name());
            FieldFormats.writeList(output, images.reservoir(), image -> FieldFormats.writeImage(output, image));
        }

        @Override
        public ClassImages read(Kryo kryo, Input input, Class<? extends ClassImages> type) {
            return new ClassImages(
                    FieldFormats.readText(input),
                    FieldFormats.<Image>readList(input, () -> FieldFormats.readImage(input)));
        }
    }

    private static final class OfNetworkState extends ImmutableSerializer<NetworkState> {
        @Override
        public void write(Kryo kryo, Output output, NetworkState state) {
            output.writeVarInt(state.network().outer(), true);
            output.writeVarInt(state.network().classes(), true);
            FieldFormats.writeList(output, state.parameters(), values -> FieldFormats.writeFloats(output, values));
            FieldFormats.writeList(output, state.velocities(), values -> FieldFormats.writeFloats(output, values));
        }

        @Override
        public NetworkState read(Kryo kryo, Input input, Class<? extends NetworkState> type) {
            return new NetworkState(
                    new NetworkId(input.readVarInt(true), input.readVarInt(true)),
                    FieldFormats.readList(input, () -> FieldFormats.readFloats(input)),
                    FieldFormats.readList(input, () -> FieldFormats.readFloats(input)));
        }
    }
}
