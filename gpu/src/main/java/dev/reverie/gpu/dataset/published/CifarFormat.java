package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.StrictUtf8;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

sealed interface CifarFormat {

    ImageShape SHAPE = new ImageShape(3, 32, 32);

    /** Receives the images of a file, in its order. */
    @FunctionalInterface
    interface Images {

        /** Takes an image, whose channel-first pixels begin at {@code offset}. */
        void add(int label, byte[] pixels, int offset) throws FileFormatException;
    }

    /**
     * Reads a file of images.
     *
     * @throws FileFormatException if the file has another format, is truncated or damaged, or {@code images} throws it
     */
    void read(InputStream content, Images images) throws IOException;

    /** Reads the class names, ordered by class index. */
    List<String> classNames(InputStream content) throws IOException;

    /**
     * The binary version: a sequence of records, each with one or more labels and 3,072 bytes of pixels. The class
     * names are lines of text.
     *
     * @param labelBytes number of one-byte labels before the pixels; the last one, the fine label, is used
     */
    record Binary(int labelBytes) implements CifarFormat {

        /** The most bytes of class names that are read; the published lists are far shorter. */
        private static final int MAX_NAMES_BYTES = 1 << 16;

        @Override
        public void read(InputStream content, Images images) throws IOException {
            int size = labelBytes + SHAPE.size();
            byte[] buffer = content.readNBytes(size);
            do {
                if (buffer.length < size) {
                    throw new FileFormatException(
                            "is truncated or of another dataset: its size is not a multiple of " + size + " bytes");
                }
                images.add(Byte.toUnsignedInt(buffer[labelBytes - 1]), buffer, labelBytes);
                buffer = content.readNBytes(size);
            } while (buffer.length > 0);
        }

        @Override
        public List<String> classNames(InputStream content) throws IOException {
            return StrictUtf8.decode(content.readNBytes(MAX_NAMES_BYTES))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    /**
     * The Python version: pickled dictionaries that contain lists and a NumPy array {@code data} with one row of 3,072
     * bytes per image.
     */
    record Pickled(String labels, String names) implements CifarFormat {

        @Override
        public void read(InputStream content, Images images) throws IOException {
            PickleReader.Dictionary pickle = new PickleReader(content).read();
            PickleReader.Table data = pickle.table("data");
            List<Integer> labelled = pickle.list(labels, Integer.class);
            if (data.columns() != SHAPE.size()) {
                throw new FileFormatException("has rows of " + data.columns() + " bytes instead of " + SHAPE.size());
            }
            if (data.rows() != labelled.size()) {
                throw new FileFormatException("contains " + data.rows() + " images but " + labelled.size() + " labels");
            }
            for (int i = 0; i < data.rows(); i++) {
                images.add(labelled.get(i), data.content(), i * data.columns());
            }
        }

        @Override
        public List<String> classNames(InputStream content) throws IOException {
            return new PickleReader(content).read().list(names, String.class);
        }
    }
}
