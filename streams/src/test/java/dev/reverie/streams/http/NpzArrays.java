package dev.reverie.streams.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads the arrays of an NPZ archive without the code under test. */
final class NpzArrays {

    /** The arrays of a memory or of a batch of it. */
    static final String[] OF_MEMORY = {"images", "labels", "factor", "mean", "std", "class_names", "class_index"};

    private NpzArrays() {}

    /** Returns the bytes of each array by its name. */
    static Map<String, byte[]> of(byte[] npz) throws IOException {
        Map<String, byte[]> arrays = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(npz))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replace(".npy", ""), zip.readAllBytes());
            }
        }
        return arrays;
    }

    /** Returns the values of an array of 64-bit integers, which must exist. */
    static List<Long> integers(Map<String, byte[]> arrays, String name) {
        byte[] array = Objects.requireNonNull(arrays.get(name), name);
        ByteBuffer npy = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        npy.position(10 + npy.getShort(8));
        return Stream.generate(npy::getLong).limit(npy.remaining() / Long.BYTES).toList();
    }
}
