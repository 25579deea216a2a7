package dev.reverie.actors.checkpoint;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.schedule.Position;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The elements that checkpoints are made of. Every length read is held against the bytes that are left before anything
 * is allocated, so a file can't claim more than it holds.
 */
final class Fields {

    private Fields() {}

    /** The number of elements that follow, each of at least so many bytes. */
    static int readCount(Input input, int bytesEach) {
        int count = input.readVarInt(true);
        int left = input.limit() - input.position();
        if (count < 0 || count > left / bytesEach) {
            throw new KryoException("claims " + count + " elements in " + left + " bytes");
        }
        return count;
    }

    static <T> void writeList(Output output, List<T> values, Consumer<T> write) {
        output.writeVarInt(values.size(), true);
        values.forEach(write);
    }

    static <T> List<T> readList(Input input, Supplier<T> read) {
        int count = readCount(input, 1);
        List<T> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(read.get());
        }
        return values;
    }

    static <T> void writeOptional(Output output, Optional<T> value, Consumer<T> write) {
        output.writeBoolean(value.isPresent());
        value.ifPresent(write);
    }

    static <T> Optional<T> readOptional(Input input, Supplier<T> read) {
        return input.readBoolean() ? Optional.of(read.get()) : Optional.empty();
    }

    static void writeText(Output output, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
    }

    static String readText(Input input) {
        return new String(input.readBytes(readCount(input, 1)), StandardCharsets.UTF_8);
    }

    static void writeFloats(Output output, float[] values) {
        output.writeVarInt(values.length, true);
        output.writeFloats(values, 0, values.length);
    }

    static float[] readFloats(Input input) {
        return input.readFloats(readCount(input, Float.BYTES));
    }

    static void writePosition(Output output, Position position) {
        output.writeVarInt(position.outer(), true);
        output.writeVarInt(position.inner(), true);
    }

    static Position readPosition(Input input) {
        return new Position(input.readVarInt(true), input.readVarInt(true));
    }

    static void writeBatch(Output output, ImageBatch batch) {
        writeShape(output, batch.shape());
        writeFloats(output, batch.toArray());
    }

    static ImageBatch readBatch(Input input) {
        return ImageBatch.of(readShape(input), readFloats(input));
    }

    static void writeImage(Output output, Image image) {
        writeShape(output, image.shape());
        output.writeVarInt(image.shape().size(), true);
        for (int i = 0; i < image.shape().size(); i++) {
            output.writeByte(image.level(i));
        }
    }

    static Image readImage(Input input) {
        ImageShape shape = readShape(input);
        return Image.of(shape, input.readBytes(readCount(input, 1)));
    }

    private static void writeShape(Output output, ImageShape shape) {
        output.writeVarInt(shape.channels(), true);
        output.writeVarInt(shape.height(), true);
        output.writeVarInt(shape.width(), true);
    }

    private static ImageShape readShape(Input input) {
        return new ImageShape(input.readVarInt(true), input.readVarInt(true), input.readVarInt(true));
    }
}
