package dev.reverie.lab.continual;

import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.deploy.cli.DatasetSizeCheck;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that determine how many images a memory stores. */
final class MemorySizeOptions {

    private static final int DEFAULT_IPC = 10;
    private static final int MAX_IPC = 1000;

    @Option(names = "--ipc", paramLabel = "N", description = "Stored images per class in every memory (default: 10).")
    Optional<Integer> ipc = Optional.empty();

    @Option(
            names = "--bytes-per-class",
            paramLabel = "B",
            description = "Size of the stored images per class in every memory, instead of --ipc. A memory stores as"
                    + " many images as fit, with one byte per value.")
    Optional<Integer> bytesPerClass = Optional.empty();

    @Option(
            names = "--total-images",
            paramLabel = "N",
            description = "Stored images of all classes together in every memory, instead of --ipc. They are divided"
                    + " equally among the classes so far; the earlier classes drop images when others arrive.")
    Optional<Integer> totalImages = Optional.empty();

    void check() {
        OptionCheck.range("--ipc", ipc, 1, MAX_IPC);
        OptionCheck.range("--bytes-per-class", bytesPerClass, 1, Integer.MAX_VALUE);
        OptionCheck.range("--total-images", totalImages, 1, Integer.MAX_VALUE);
        if (Stream.of(ipc, bytesPerClass, totalImages)
                        .filter(Optional::isPresent)
                        .count()
                > 1) {
            throw new InputException("--ipc, --bytes-per-class and --total-images all set the size of the memories:"
                    + " use only one of them");
        }
    }

    /**
     * Returns the size of each memory.
     *
     * @param steps number of steps in which the classes arrive, at most the number of classes
     * @throws InputException if the size is too small for one of the methods, or too large for them or the dataset
     */
    MemoryBudget budget(Dataset dataset, int steps, List<MemoryMethod> methods) {
        int images = images(dataset.shape().size(), dataset.classes(), methods);
        int firstClasses = Math.ceilDiv(dataset.classes(), steps);
        int factor = Presets.defaultFactor(Method.DREAM);
        totalImages.ifPresentOrElse(
                total -> DatasetSizeCheck.require(
                        dataset, total, firstClasses, factor, most -> "--total-images can be at most " + most),
                () -> DatasetSizeCheck.require(dataset, images, factor));
        return new MemoryBudget(
                totalImages.map(total -> total / firstClasses).orElse(images),
                Coding.LOSSLESS,
                totalImages.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                OptionalLong.empty());
    }

    /** Returns the number of images per class after the last step. */
    private int images(int bytesPerImage, int classes, List<MemoryMethod> methods) {
        int images = bytesPerClass
                .map(bytes -> bytes / bytesPerImage)
                .or(() -> totalImages.map(total -> total / classes))
                .or(() -> ipc)
                .orElse(DEFAULT_IPC);
        int least = methods.stream().mapToInt(MemoryMethod::leastImages).max().orElse(1);
        if (images < least || images > MAX_IPC) {
            throw new InputException("a memory must store from " + least + " to " + MAX_IPC + " images of "
                    + bytesPerImage + " bytes per class, not " + images
                    + ": change --ipc, --bytes-per-class or --total-images");
        }
        return images;
    }
}
