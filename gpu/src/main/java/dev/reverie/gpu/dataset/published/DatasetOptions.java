package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.folder.LeftOut;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to read of a dataset, and from where.
 *
 * @param location folder or archive with the files as published; if empty, the dataset's folder in
 *     {@link DataHome#standard()}
 * @param resizing how the images of a folder are resized; if empty, all must have the same size
 * @param classes names of the only classes to read, in their order; all if empty
 * @param testShare share of a folder without test images that becomes test images; 0.1 if empty
 * @param leftOut counts what of a folder is left out
 */
public record DatasetOptions(
        Optional<Path> location,
        Optional<Resizing> resizing,
        List<String> classes,
        Optional<Double> testShare,
        LeftOut leftOut) {

    public DatasetOptions {
        classes = List.copyOf(classes);
    }

    public DatasetOptions(Optional<Path> location, Optional<Resizing> resizing, List<String> classes) {
        this(location, resizing, classes, Optional.empty(), new LeftOut(false));
    }
}
