package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.SetFormat;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.synthetic.MultiFormation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** The options that determine how many images a distilled set stores, and to how many they decode. */
public final class SetSizeOptions {

    private static final int DEFAULT_IPC = 10;

    /** Maximum number of images that are stored because they fit into a number of bytes. */
    private static final int MOST_FITTING = 100;

    /** Number of classes by which it is judged how many images fit. */
    private static final int JUDGED_CLASSES = 10;

    @Option(names = "--ipc", paramLabel = "N", description = "Stored images per class (default: " + DEFAULT_IPC + ").")
    Optional<Integer> ipc = Optional.empty();

    @Option(
            names = "--bytes-per-class",
            paramLabel = "N",
            description = "Instead of --ipc: store as many images per class as fit into a picture of this size, judged"
                    + " by real images, and lower the quality of pictures that become larger.")
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

    /** Maximum size of the picture of a class, in bytes. */
    OptionalLong bytesPerClass() {
        return bytesPerClass.stream().mapToLong(Integer::longValue).findFirst();
    }

    /**
     * Returns the size for a dataset.
     *
     * @param defaultFactor multi-formation factor if no option sets it
     * @param format format of the distilled set
     * @throws InputException if a class has too few images, the set fits into no file, or the images are too small for
     *     the factor
     */
    Size of(Dataset dataset, int defaultFactor, SetFormat format) {
        ImageShape shape = dataset.shape();
        int chosenFactor = factor.orElse(defaultFactor);
        requireFactor(chosenFactor, shape);
        int stored =
                bytesPerClass.isPresent() ? fitting(dataset, chosenFactor, format.coding()) : ipc.orElse(DEFAULT_IPC);
        DatasetSizeCheck.require(dataset, stored, chosenFactor);
        format.requireRoom(Math.multiplyExact(stored, dataset.classes()), chosenFactor, shape);
        return new Size(stored, chosenFactor);
    }

    /**
     * The number of stored images whose picture fits, if they are made of real images: the mean over some classes, and
     * no more than the smallest class can fill.
     */
    private static int fitting(Dataset dataset, int factor, Coding coding) {
        MultiFormation formation = MultiFormation.of(factor, dataset.shape());
        List<List<Image>> classes = dataset.trainByClass();
        int most = classes.stream().mapToInt(List::size).min().orElse(0) / formation.cells();
        int judged = Math.clamp(most, 1, MOST_FITTING);
        double mean = IntStream.range(0, classes.size())
                .filter(each -> each % Math.ceilDiv(classes.size(), JUDGED_CLASSES) == 0)
                .mapToObj(classes::get)
                .filter(images -> images.size() >= judged * formation.cells())
                .mapToInt(images -> coding.fitting(formation.compose(images.subList(0, judged * formation.cells()))))
                .average()
                .orElse(1);
        return (int) mean;
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
