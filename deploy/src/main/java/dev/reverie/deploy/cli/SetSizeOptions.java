package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.SetFormat;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that determine how many images a distilled set stores, and to how many they decode. */
public final class SetSizeOptions {

    private static final int DEFAULT_IPC = 10;

    @Option(names = "--ipc", paramLabel = "N", description = "Stored images per class (default: " + DEFAULT_IPC + ").")
    Optional<Integer> ipc = Optional.empty();

    @Option(
            names = "--bytes-per-class",
            paramLabel = "N",
            description = "Instead of --ipc: store as many images per class as fit into this number of bytes.")
    Optional<Integer> bytesPerClass = Optional.empty();

    @Option(
            names = "--factor",
            paramLabel = "F",
            description = "Multi-formation factor: each stored image decodes to F*F images (default: 2 for dream,"
                    + " dream-plus, idc, dance, idm, tgdd and tile; 1 for the others).")
    Optional<Integer> factor = Optional.empty();

    /**
     * The size of a distilled set.
     *
     * @param ipc stored images per class
     * @param factor multi-formation factor
     */
    record Size(int ipc, int factor) {}

    /**
     * Checks the options that can be checked before any data is read.
     *
     * @throws InputException if an option is out of range or contradicts another
     */
    void check() {
        OptionCheck.range("--ipc", ipc, 1, OptionCheck.MANY);
        OptionCheck.range("--bytes-per-class", bytesPerClass, 1, Integer.MAX_VALUE);
        if (ipc.isPresent() && bytesPerClass.isPresent()) {
            throw new InputException("--ipc and --bytes-per-class both set the number of stored images: omit one");
        }
        OptionCheck.range("--factor", factor, 1, 16);
    }

    /**
     * Returns the size for a dataset.
     *
     * @param defaultFactor multi-formation factor if no option sets it
     * @param format format of the distilled set, which determines the bytes that a stored image takes
     * @throws InputException if a class has too few images, no image fits into the bytes, the set fits into no file, or
     *     the images are too small for the factor
     */
    Size of(Dataset dataset, int defaultFactor, SetFormat format) {
        ImageShape shape = dataset.shape();
        int stored = bytesPerClass.map(bytes -> format.imagesIn(bytes, shape)).orElse(ipc.orElse(DEFAULT_IPC));
        int chosenFactor = factor.orElse(defaultFactor);
        requireFactor(chosenFactor, shape);
        if (bytesPerClass.isPresent()) {
            DatasetSizeCheck.require(
                    dataset,
                    stored,
                    1,
                    chosenFactor,
                    most -> "--bytes-per-class can be at most " + ((most + 1) * format.imageBytes(shape) - 1) + ", for "
                            + Plural.of(most, "image"));
        } else {
            DatasetSizeCheck.require(dataset, stored, chosenFactor);
        }
        format.requireRoom(Math.multiplyExact(stored, dataset.classes()), chosenFactor, shape);
        return new Size(stored, chosenFactor);
    }

    /**
     * Checks that each decoded image is made of at least one pixel.
     *
     * @throws InputException if the images are too small for the factor
     */
    public static void requireFactor(int factor, ImageShape shape) {
        int side = Math.min(shape.height(), shape.width());
        if (factor > side) {
            throw new InputException("--factor " + factor + " divides images of " + shape
                    + " into parts smaller than a pixel: choose at most " + side);
        }
    }
}
