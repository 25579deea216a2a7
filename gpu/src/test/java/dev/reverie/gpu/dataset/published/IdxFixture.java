package dev.reverie.gpu.dataset.published;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Writes small IDX files: image i has grey level i everywhere, label i mod 10. */
final class IdxFixture {

    static final int TRAIN = 20;
    static final int TEST = 10;

    private IdxFixture() {}

    static void writeAll(Path directory) {
        write(directory.resolve("train-images-idx3-ubyte"), images(TRAIN, 28, 28));
        write(directory.resolve("train-labels-idx1-ubyte"), labels(TRAIN));
        write(directory.resolve("t10k-images-idx3-ubyte"), images(TEST, 28, 28));
        write(directory.resolve("t10k-labels-idx1-ubyte"), labels(TEST));
    }

    static byte[] images(int count, int height, int width) {
        ByteBuffer content = ByteBuffer.allocate(16 + count * height * width);
        content.putInt(0x803).putInt(count).putInt(height).putInt(width);
        for (int i = 0; i < count * height * width; i++) {
            content.put((byte) (i / (height * width)));
        }
        return content.array();
    }

    static byte[] labels(int count) {
        return labels(IntStream.range(0, count).map(i -> i % 10).toArray());
    }

    static byte[] labels(int[] labels) {
        ByteBuffer content = ByteBuffer.allocate(8 + labels.length);
        content.putInt(0x801).putInt(labels.length);
        IntStream.of(labels).forEach(label -> content.put((byte) label));
        return content.array();
    }

    static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
