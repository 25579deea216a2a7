package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.SetSizeOptions;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that set the size of a class step. */
final class BenchStepOptions {

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stored synthetic images per class (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--factor",
            paramLabel = "F",
            defaultValue = "2",
            description = "Multi-formation factor (default: ${DEFAULT-VALUE}).")
    int factor;

    @Option(
            names = "--real",
            paramLabel = "N",
            defaultValue = "128",
            description = "Real images per class step (default: ${DEFAULT-VALUE}).")
    int real;

    /**
     * Checks the options.
     *
     * @param classes number of classes whose synthetic images are made
     * @throws InputException if an option is out of range, or does not suit the shape of the images
     */
    void check(ImageShape shape, int classes) {
        OptionCheck.range("--ipc", Optional.of(ipc), 1, 1000);
        OptionCheck.range("--factor", Optional.of(factor), 1, 16);
        OptionCheck.range("--real", Optional.of(real), 1, 10_000);
        SetSizeOptions.requireFactor(factor, shape);
        long decoded = (long) classes * ipc * factor * factor;
        if (decoded * shape.size() > Integer.MAX_VALUE) {
            throw new InputException("--ipc " + ipc + " with --factor " + factor + " makes " + decoded + " images of "
                    + shape + ", which have more values than an array: lower one of them, or choose a smaller --shape");
        }
    }
}
