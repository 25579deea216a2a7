package dev.reverie.client;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Creates memories as services send them, and changes single arrays of them. */
final class MemoryFiles {

    private final Map<String, NpyArray> arrays = new LinkedHashMap<>();

    private MemoryFiles() {}

    /**
     * A memory of images of one pixel. The first class has the index 0, and each image has the brightness of its place.
     */
    static MemoryFiles of(List<String> classes, int... labels) {
        byte[] pixels = new byte[labels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
        }
        return new MemoryFiles()
                .with("images", NpyArray.ofBytes(pixels, labels.length, 1, 1, 1))
                .withIntegers("labels", labels)
                .with("mean", NpyArray.ofFloats(List.of(0.25)))
                .with("std", NpyArray.ofFloats(List.of(0.5)))
                .with("class_names", NpyArray.ofTexts(classes))
                .withIntegers("class_index", IntStream.range(0, classes.size()).toArray());
    }

    MemoryFiles with(String name, NpyArray array) {
        arrays.put(name, array);
        return this;
    }

    MemoryFiles withIntegers(String name, int... values) {
        return with(name, NpyArray.ofIntegers(IntStream.of(values).boxed().toList()));
    }

    MemoryFiles without(String name) {
        arrays.remove(name);
        return this;
    }

    /** Returns the memory as a deflated NPZ file. */
    byte[] toNpz() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NpzWriter npz = NpzWriter.deflated(bytes);
        try {
            for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                npz.write(array.getKey(), array.getValue());
            }
            npz.finish();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }
}
