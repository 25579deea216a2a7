package dev.reverie.client;

import dev.reverie.npz.NpyArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Creates memories as services send them, and changes single arrays of them. */
final class MemoryFiles {

    private final Map<String, byte[]> arrays = new LinkedHashMap<>();

    private MemoryFiles() {}

    /**
     * A memory of images of one pixel. The first class has the index 0, and each image has the brightness of its place.
     */
    static MemoryFiles of(List<String> classes, int... labels) {
        MemoryFiles memory = new MemoryFiles();
        byte[] pixels = new byte[labels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
        }
        return memory.with("images", "|u1", labels.length + ", 1, 1, 1", pixels)
                .with("labels", "<i8", labels.length + ",", longs(labels))
                .with("mean", "<f4", "1,", floats(0.25f))
                .with("std", "<f4", "1,", floats(0.5f))
                .withTexts("class_names", classes)
                .with(
                        "class_index",
                        "<i8",
                        classes.size() + ",",
                        longs(IntStream.range(0, classes.size()).toArray()));
    }

    MemoryFiles with(String name, String type, String shape, byte[] data) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
        byte[] npy = ByteBuffer.allocate(10 + header.length() + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        return withFile(name, npy);
    }

    MemoryFiles withFile(String name, byte[] npy) {
        arrays.put(name, npy);
        return this;
    }

    MemoryFiles without(String name) {
        arrays.remove(name);
        return this;
    }

    MemoryFiles withTexts(String name, List<String> texts) {
        ByteArrayOutputStream npy = new ByteArrayOutputStream();
        try {
            NpyArray.ofTexts(texts).writeTo(npy);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return withFile(name, npy.toByteArray());
    }

    static byte[] longs(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.of(values).forEach(bytes::putLong);
        return bytes.array();
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** Returns the memory as a deflated NPZ file. */
    byte[] toNpz() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
                zip.closeEntry();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }
}
