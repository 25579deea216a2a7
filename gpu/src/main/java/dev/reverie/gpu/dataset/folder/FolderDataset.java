package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Resizing;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder of pictures as a dataset, laid out as {@code train/CLASS/*} and {@code test/CLASS/*} (or {@code val} instead
 * of {@code test}). Pictures of one size are read into memory. Pictures that are resized are read on demand, so that
 * the folder can be larger than memory.
 *
 * @param root the folder that contains {@code train}
 * @param classes names of the classes to read, in their order; all, sorted by name, if empty
 * @param resizing how pictures are resized; if empty, all must have the same size
 */
public record FolderDataset(Path root, List<String> classes, Optional<Resizing> resizing) {

    public FolderDataset {
        classes = List.copyOf(classes);
    }

    /**
     * Lists the pictures, and reads those that it needs.
     *
     * @param home where resized images are cached
     * @throws DatasetException if a folder is missing or empty, a file that is read is not a valid PNG or JPEG, or
     *     pictures that are not resized differ in size or take more than 1 GiB
     */
    public Dataset load(String name, DataHome home, LoadProgress progress) {
        FolderFiles files = FolderFiles.of(root, classes, progress);
        return resizing.map(
                        to -> new ResizedImages(files, to, ImageCache.open(home, this, to)).toDataset(name, progress))
                .orElseGet(() -> new SameSizeImages(progress).read(name, files));
    }
}
