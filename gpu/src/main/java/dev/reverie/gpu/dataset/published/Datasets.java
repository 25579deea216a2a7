package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DatasetFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds and reads datasets by the names the command line knows. */
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

    /** As {@link #load(String, Optional, Optional)}, pictures of a folder as they are. */
    public static Dataset load(String name, Optional<Path> directory) {
        return load(name, directory, Optional.empty());
    }

    /**
     * Reads a whole dataset into memory.
     *
     * @param name {@code fashion-mnist}, {@code mnist}, {@code svhn}, {@code cifar10}, {@code cifar100},
     *     {@code tiny-imagenet}, or {@code folder:PATH} for a folder of PNG and JPEG files laid out as
     *     {@code PATH/train/CLASS/*} and {@code PATH/test/CLASS/*}
     * @param directory holds the files in the form they are published in; {@link DatasetFolders#standard()} if empty
     * @param resize what to scale the pictures of a folder to
     * @throws DatasetException if the name is unknown, or the files are missing, damaged, or not what they should be
     */
    public static Dataset load(String name, Optional<Path> directory, Optional<TargetSize> resize) {
        if (name.startsWith(FOLDER_PREFIX)) {
            if (directory.isPresent()) {
                throw new DatasetException(name + " names its folder itself: leave out --data");
            }
            return FolderDataset.load(name, Path.of(name.substring(FOLDER_PREFIX.length())), resize);
        }
        PublishedDataset dataset = PUBLISHED.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        if (resize.isPresent()) {
            throw new DatasetException("--resize is for folder:PATH alone: the images of " + name + " have one size");
        }
        return dataset.load(directory.orElseGet(() -> DatasetFolders.standard().directoryOf(name)));
    }

    private static DatasetException unknown(String name) {
        String known = PUBLISHED.stream().map(PublishedDataset::name).collect(Collectors.joining(", "));
        return new DatasetException("unknown dataset '" + name + "': choose one of " + known + " or folder:PATH");
    }
}
