package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.published.TargetSize;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that scales the pictures of a folder. */
final class ResizeOption {

    @Option(
            names = "--resize",
            paramLabel = "HxW",
            description =
                    "Scale the pictures of folder:PATH to this height and width, for example 32x32. Without it, all"
                            + " pictures must have the same size.")
    Optional<String> resize = Optional.empty();

    /**
     * Returns the size, if the option is given.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the text is not a size
     */
    Optional<TargetSize> size() {
        return resize.map(TargetSize::parse);
    }
}
