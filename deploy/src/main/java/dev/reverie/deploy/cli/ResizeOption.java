package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.util.Optional;
import picocli.CommandLine.Option;

public final class ResizeOption {

    @Option(
            names = "--resize",
            paramLabel = "WxH",
            description = "Resize the pictures of folder:PATH or imagenette to this width and height, for example"
                    + " 128x128. Those of a folder are read when they are needed, so that it can be larger than"
                    + " memory. Without it, all pictures must have the same size, and are read into memory.")
    Optional<String> resize = Optional.empty();

    @Option(
            names = "--fit",
            paramLabel = "F",
            description = "How --resize treats other proportions: crop cuts off the edges, pad adds black bars"
                    + " (default: crop).")
    Optional<String> fit = Optional.empty();

    /**
     * Returns how pictures are resized, if they are.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the texts are no size or no way to fit
     * @throws InputException if pictures should fit a size that is not given
     */
    public Optional<Resizing> resizing() {
        Resizing.Fit chosen = fit.map(Resizing.Fit::parse).orElse(Resizing.Fit.CROP);
        if (fit.isPresent() && resize.isEmpty()) {
            throw new InputException("--fit only affects --resize: add --resize WxH, or omit --fit");
        }
        return resize.map(size -> new Resizing(TargetSize.parse(size), chosen));
    }
}
