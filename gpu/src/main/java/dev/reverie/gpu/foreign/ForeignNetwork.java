package dev.reverie.gpu.foreign;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** A trained network in a file of another program. Not thread safe. */
public interface ForeignNetwork extends AutoCloseable {

    Input input();

    /** The names of the outputs, in the order of the file. */
    List<String> outputs();

    /** What the file says about the network besides. */
    Map<String, String> metadata();

    /**
     * Computes an output. Of one with a height and a width, the mean over both is taken.
     *
     * @param images normalised images as {@code [count, channels, height, width]}
     * @return one row for each image
     */
    double[][] run(String output, float[] images, int count, int height, int width);

    @Override
    void close();

    /**
     * The images that a network takes; 0 stands for any number.
     *
     * @param batch number of images in each run
     */
    record Input(int batch, int channels, int height, int width) {}

    /** Reads networks of a format; found by {@link ServiceLoader}. */
    interface Reader {

        /**
         * Opens a network, which the caller closes.
         *
         * @throws DatasetException if the file contains no network that takes images; the message says why
         */
        ForeignNetwork open(Path file);
    }

    /**
     * Opens a network, which the caller closes.
     *
     * @throws DatasetException if the file contains no network that takes images, or this program has no reader
     */
    static ForeignNetwork open(Path file) {
        return ServiceLoader.load(Reader.class)
                .findFirst()
                .orElseThrow(() -> new DatasetException("this program was built without ONNX Runtime, which " + file
                        + " needs: start ./reverie from the source tree, which then adds it"))
                .open(file);
    }
}
