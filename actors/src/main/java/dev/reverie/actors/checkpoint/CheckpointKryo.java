package dev.reverie.actors.checkpoint;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.schedule.TrainingOrder;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.NetworkState;
import dev.reverie.gpu.method.StudentRate;
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
        kryo.register(Configuration.class, new OfConfiguration(), 11);
        kryo.register(ClassSnapshot.class, new OfClassSnapshot(), 12);
        kryo.register(ClassImages.class, new OfClassImages(), 13);
        kryo.register(NetworkState.class, new OfNetworkState(), 14);
        return kryo;
    }

    private static final class OfCheckpoint extends ImmutableSerializer<Checkpoint> {
        @Override
        public void write(Kryo kryo, Output output, Checkpoint checkpoint) {
            kryo.writeObject(output, checkpoint.configuration());
            Fields.writePosition(output, checkpoint.position());
            output.writeVarLong(checkpoint.cursor().epoch(), true);
            output.writeVarInt(checkpoint.cursor().offset(), true);
            Fields.writeList(output, checkpoint.classes(), snapshot -> kryo.writeObject(output, snapshot));
            Fields.writeList(output, checkpoint.joined(), images -> kryo.writeObject(output, images));
            Fields.writeList(output, checkpoint.networks(), network -> kryo.writeObject(output, network));
            Fields.writeOptional(output, checkpoint.studentRate(), rate -> {
                output.writeDouble(rate.value());
                output.writeDouble(rate.velocity());
            });
        }

        @Override
        public Checkpoint read(Kryo kryo, Input input, Class<? extends Checkpoint> type) {
            return new Checkpoint(
                    kryo.readObject(input, Configuration.class),
                    Fields.readPosition(input),
                    new TrainingOrder.Cursor(input.readVarLong(true), input.readVarInt(true)),
                    Fields.readList(input, () -> kryo.readObject(input, ClassSnapshot.class)),
                    Fields.readList(input, () -> kryo.readObject(input, ClassImages.class)),
                    Fields.readList(input, () -> kryo.readObject(input, NetworkState.class)),
                    Fields.readOptional(input, () -> new StudentRate(input.readDouble(), input.readDouble())));
        }
    }

    private static final class OfConfiguration extends ImmutableSerializer<Configuration> {
        @Override
        public void write(Kryo kryo, Output output, Configuration configuration) {
            Map<String, String> sorted = new TreeMap<>(configuration.entries());
            output.writeVarInt(sorted.size(), true);
            sorted.forEach((name, value) -> {
                Fields.writeText(output, name);
                Fields.writeText(output, value);
            });
        }

        @Override
        public Configuration read(Kryo kryo, Input input, Class<? extends Configuration> type) {
            int count = Fields.readCount(input, 2);
            Map<String, String> entries = HashMap.newHashMap(count);
            for (int i = 0; i < count; i++) {
                entries.put(Fields.readText(input), Fields.readText(input));
            }
            return new Configuration(entries);
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
            Fields.writeText(output, images.name());
            Fields.writeList(output, images.reservoir(), image -> Fields.writeImage(output, image));
        }

        @Override
        public ClassImages read(Kryo kryo, Input input, Class<? extends ClassImages> type) {
            return new ClassImages(
                    Fields.readText(input), Fields.<Image>readList(input, () -> Fields.readImage(input)));
        }
    }

    private static final class OfNetworkState extends ImmutableSerializer<NetworkState> {
        @Override
        public void write(Kryo kryo, Output output, NetworkState state) {
            output.writeVarInt(state.network().outer(), true);
            output.writeVarInt(state.network().classes(), true);
            Fields.writeList(output, state.parameters(), values -> Fields.writeFloats(output, values));
            Fields.writeList(output, state.velocities(), values -> Fields.writeFloats(output, values));
        }

        @Override
        public NetworkState read(Kryo kryo, Input input, Class<? extends NetworkState> type) {
            return new NetworkState(
                    new NetworkId(input.readVarInt(true), input.readVarInt(true)),
                    Fields.readList(input, () -> Fields.readFloats(input)),
                    Fields.readList(input, () -> Fields.readFloats(input)));
        }
    }
}
