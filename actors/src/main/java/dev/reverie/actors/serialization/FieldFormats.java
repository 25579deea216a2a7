package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serialises the values that are no records, from which {@link Layouts} and the formats are built. The reading methods
 * compare every length with the number of remaining bytes before allocating memory, so that a damaged file or message
 * cannot cause a huge allocation.
 */
public final class FieldFormats {

    private FieldFormats() {}

    /** Reads the number of elements that follow, each of at least this many bytes. */
    static int readCount(Input input, int bytesEach) {
        int count = input.readVarInt(true);
        int left = input.limit() - input.position();
        if (count < 0 || count > left / bytesEach) {
            throw new KryoException("declares " + count + " elements but has " + left + " bytes");
        }
        return count;
    }

    public static <T> void writeList(Output output, List<T> values, Consumer<T> write) {
        output.writeVarInt(values.size(), true);
        values.forEach(write);
    }

    public static <T> List<T> readList(Input input, Supplier<T> read) {
        int count = readCount(input, 1);
        List<T> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(read.get());
        }
        return values;
    }

    public static <T> void writeOptional(Output output, Optional<T> value, Consumer<T> write) {
        output.writeBoolean(value.isPresent());
        value.ifPresent(write);
    }

    public static <T> Optional<T> readOptional(Input input, Supplier<T> read) {
        return input.readBoolean() ? Optional.of(read.get()) : Optional.empty();
    }

    static void writeDouble(Output output, OptionalDouble value) {
        output.writeBoolean(value.isPresent());
        value.ifPresent(output::writeDouble);
    }

    static OptionalDouble readDouble(Input input) {
        return input.readBoolean() ? OptionalDouble.of(input.readDouble()) : OptionalDouble.empty();
    }

    static void writeText(Output output, String text) {
        writeBytes(output, text.getBytes(StandardCharsets.UTF_8));
    }

    static String readText(Input input) {
        return new String(readBytes(input), StandardCharsets.UTF_8);
    }

    static void writeBytes(Output output, byte[] bytes) {
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
    }

    static byte[] readBytes(Input input) {
        return input.readBytes(readCount(input, 1));
    }

    public static void writeInstant(Output output, Instant instant) {
        output.writeLong(instant.toEpochMilli());
    }

    public static Instant readInstant(Input input) {
        return Instant.ofEpochMilli(input.readLong());
    }

    static void writeFloats(Output output, float[] values) {
        output.writeVarInt(values.length, true);
        output.writeFloats(values, 0, values.length);
    }

    static float[] readFloats(Input input) {
        return input.readFloats(readCount(input, Float.BYTES));
    }

    public static void writeLongs(Output output, long[] values) {
        output.writeVarInt(values.length, true);
        output.writeLongs(values, 0, values.length);
    }

    public static long[] readLongs(Input input) {
        return input.readLongs(readCount(input, Long.BYTES));
    }

    public static void writeBatch(Output output, ImageBatch batch) {
        writeShape(output, batch.shape());
        writeFloats(output, batch.toArray());
    }

    public static ImageBatch readBatch(Input input) {
        return ImageBatch.owning(readShape(input), readFloats(input));
    }

    public static void writeImage(Output output, Image image) {
        writeShape(output, image.shape());
        output.writeVarInt(image.shape().size(), true);
        writePixels(output, image);
    }

    /** Writes the pixels of an image without its shape. */
    public static void writePixels(Output output, Image image) {
        byte[] pixels = new byte[image.shape().size()];
        image.levels().get(pixels);
        output.writeBytes(pixels);
    }

    public static Image readPixels(Input input, ImageShape shape) {
        int left = input.limit() - input.position();
        if (shape.size() > left) {
            throw new KryoException("declares an image of shape " + shape + " but has " + left + " bytes");
        }
        return Image.of(shape, input.readBytes(shape.size()));
    }

    public static Image readImage(Input input) {
        ImageShape shape = readShape(input);
        return Image.of(shape, readBytes(input));
    }

    public static void writeShape(Output output, ImageShape shape) {
        output.writeVarInt(shape.channels(), true);
        output.writeVarInt(shape.height(), true);
        output.writeVarInt(shape.width(), true);
    }

    public static ImageShape readShape(Input input) {
        return new ImageShape(input.readVarInt(true), input.readVarInt(true), input.readVarInt(true));
    }
}
