package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Resizing;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds and reads datasets by their names on the command line. */
public final class Datasets {

    private static final String FOLDER_PREFIX = "folder:";

    private static final List<PublishedDataset> PUBLISHED = List.of(
            IdxDataset.FASHION_MNIST,
            IdxDataset.MNIST,
            SvhnDataset.SVHN,
            CifarDataset.CIFAR_10,
            CifarDataset.CIFAR_100,
            TinyImageNet.TINY_IMAGENET);

    private Datasets() {}

    /** Loads a dataset as {@link #load(String, Optional, Optional)} does, without scaling. */
    public static Dataset load(String name, Optional<Path> directory) {
        return load(name, directory, Optional.empty());
    }

    /**
     * Reads a whole dataset into memory.
     *
     * @param name {@code fashion-mnist}, {@code mnist}, {@code svhn}, {@code cifar10}, {@code cifar100},
     *     {@code tiny-imagenet}, or {@code folder:PATH} for a folder of PNG and JPEG files laid out as
     *     {@code PATH/train/CLASS/*} and {@code PATH/test/CLASS/*}
     * @param directory folder or archive with the files as published; if empty, the dataset's folder in
     *     {@link DataHome#standard()}
     * @param resizing how the images of a folder are resized; if empty, all must have the same size
     * @throws DatasetException if the name is unknown, or the files are missing or damaged, or belong to another
     *     dataset
     */
    public static Dataset load(String name, Optional<Path> directory, Optional<Resizing> resizing) {
        if (name.startsWith(FOLDER_PREFIX)) {
            if (directory.isPresent()) {
                throw new DatasetException(name + " already names a folder: leave out --data");
            }
            return FolderDataset.load(name, Path.of(name.substring(FOLDER_PREFIX.length())), resizing);
        }
        PublishedDataset dataset = PUBLISHED.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        if (resizing.isPresent()) {
            throw new DatasetException(
                    "--resize works only with folder:PATH: all images of " + name + " have the same size");
        }
        return dataset.load(directory.orElseGet(() -> DataHome.standard().directoryOf(name)));
    }

    private static DatasetException unknown(String name) {
        String known = PUBLISHED.stream().map(PublishedDataset::name).collect(Collectors.joining(", "));
        return new DatasetException("unknown dataset '" + name + "': choose one of " + known + " or folder:PATH");
    }
}
