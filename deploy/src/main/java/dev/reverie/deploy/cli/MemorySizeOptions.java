package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.continual.MemoryMethod;
import dev.reverie.deploy.run.InputException;
import java.util.List;
import java.util.Optional;
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
                    + " many images as fit, in --bits per value.")
    Optional<Integer> bytesPerClass = Optional.empty();

    /**
     * Checks the options.
     *
     * @throws InputException if an option is out of range or contradicts another
     */
    void check() {
        RangeCheck.check("--ipc", ipc, 1, MAX_IPC);
        RangeCheck.check("--bytes-per-class", bytesPerClass, 1, Integer.MAX_VALUE);
        if (ipc.isPresent() && bytesPerClass.isPresent()) {
            throw new InputException(
                    "--ipc and --bytes-per-class both set the size of the memories: use only one of them");
        }
    }

    /**
     * Returns the number of images that each method stores per class.
     *
     * @param bytesPerImage size of a stored image
     * @throws InputException if that is too few for one of the methods, or too many
     */
    int images(int bytesPerImage, List<MemoryMethod> methods) {
        int images =
                bytesPerClass.map(bytes -> bytes / bytesPerImage).or(() -> ipc).orElse(DEFAULT_IPC);
        int least = methods.stream().mapToInt(MemoryMethod::leastImages).max().orElse(1);
        if (images < least || images > MAX_IPC) {
            throw new InputException("a memory must store from " + least + " to " + MAX_IPC + " images of "
                    + bytesPerImage + " bytes per class, not " + images + ": change --ipc or --bytes-per-class");
        }
        return images;
    }
}
