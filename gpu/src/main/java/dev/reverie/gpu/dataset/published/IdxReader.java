package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one IDX file: a magic number, the dimensions as big-endian 32-bit integers, and unsigned bytes. Memory use
 * grows with the actual data, not with the sizes in the header.
 */
final class IdxReader {

    private static final int LABELS_MAGIC = 0x0801;
    private static final int IMAGES_MAGIC = 0x0803;
    private static final long MAX_BYTES = 1L << 30;

    private final Path file;
    private final InputStream in;

    private IdxReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * Reads class indices in file order.
     *
     * @throws DatasetException if the file is unreadable, not a label file, truncated or too long, or contains the
     *     label of an unknown class
     */
    static List<Integer> labels(Path file, int classes) {
        return read(file, reader -> reader.labels(classes));
    }

    /**
     * Reads images in file order.
     *
     * @throws DatasetException if the file is unreadable, not an image file, truncated or too long, or contains images
     *     of another size
     */
    static List<Image> images(Path file, ImageShape shape) {
        return read(file, reader -> reader.images(shape));
    }

    @FunctionalInterface
    private interface Body<T> {
        T read(IdxReader reader) throws IOException;
    }

    private static <T> T read(Path file, Body<T> body) {
        try (InputStream in = MnistFile.open(file)) {
            return body.read(new IdxReader(file, in));
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private List<Integer> labels(int classes) throws IOException {
        expectMagic(LABELS_MAGIC, "label");
        long count = count("labels", 1);
        List<Integer> labels = new ArrayList<>();
        byte[] next = new byte[1];
        for (long i = 0; i < count; i++) {
            if (!fill(next)) {
                throw truncated(count, "labels", i);
            }
            int label = Byte.toUnsignedInt(next[0]);
            if (label >= classes) {
                throw DatasetErrors.label(file.toString(), label, i, classes);
            }
            labels.add(label);
        }
        expectEnd(count, "labels");
        return labels;
    }

    private List<Image> images(ImageShape shape) throws IOException {
        expectMagic(IMAGES_MAGIC, "image");
        long count = count("images", shape.size());
        long height = readUnsignedInt();
        long width = readUnsignedInt();
        if (height != shape.height() || width != shape.width()) {
            throw new DatasetException(file + " has images of " + height + "x" + width + " pixels instead of "
                    + shape.height() + "x" + shape.width() + DatasetException.FETCH_AGAIN);
        }
        List<Image> images = new ArrayList<>();
        byte[] pixels = new byte[shape.size()];
        for (long i = 0; i < count; i++) {
            if (!fill(pixels)) {
                throw truncated(count, "images", i);
            }
            images.add(Image.of(shape, pixels));
        }
        expectEnd(count, "images");
        return images;
    }

    private void expectMagic(int magic, String kind) throws IOException {
        long found = readUnsignedInt();
        if (found != magic) {
            throw new DatasetException("%s is not an IDX %s file, because it begins with 0x%08x instead of 0x%08x"
                            .formatted(file, kind, found, magic)
                    + DatasetException.FETCH_AGAIN);
        }
    }

    private long count(String what, int bytesEach) throws IOException {
        long count = readUnsignedInt();
        if (count == 0) {
            throw new DatasetException(file + " contains no " + what + DatasetException.FETCH_AGAIN);
        }
        if (count * bytesEach > MAX_BYTES) {
            throw new DatasetException(file + " is damaged: its header declares " + count + " " + what
                    + ", more than fit in " + MAX_BYTES + " bytes" + DatasetException.FETCH_AGAIN);
        }
        return count;
    }

    private void expectEnd(long count, String what) throws IOException {
        if (in.read() >= 0) {
            throw new DatasetException(file + " is damaged: data follows the " + count + " " + what
                    + " that its header declares" + DatasetException.FETCH_AGAIN);
        }
    }

    private DatasetException truncated(long count, String what, long found) {
        return new DatasetException(file + " is truncated: its header declares " + count + " " + what + ", but it has "
                + found + DatasetException.FETCH_AGAIN);
    }

    private long readUnsignedInt() throws IOException {
        byte[] bytes = new byte[Integer.BYTES];
        if (!fill(bytes)) {
            throw new DatasetException(
                    file + " is truncated: it ends within its header" + DatasetException.FETCH_AGAIN);
        }
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
    }

    /** Fills {@code target}; returns false if there is too little data. */
    private boolean fill(byte[] target) throws IOException {
        try {
            return in.readNBytes(target, 0, target.length) == target.length;
        } catch (EOFException _) {
            return false; // thrown for a truncated gzip stream
        }
    }
}
