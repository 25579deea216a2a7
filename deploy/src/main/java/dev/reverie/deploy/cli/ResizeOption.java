package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.published.TargetSize;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the pictures of a folder are scaled to. */
final class ResizeOption {

    @Option(
            names = "--resize",
            paramLabel = "HxW",
            description = "Scale the pictures of folder:PATH to this height and width, for example 32x32; without, all"
                    + " have to have one size.")
    Optional<String> resize = Optional.empty();

    /**
     * The size, if one was asked for.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if it is none
     */
    Optional<TargetSize> size() {
        return resize.map(TargetSize::parse);
    }
}
