package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.folder.FolderDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds and reads datasets by their names on the command line. */
public final class Datasets {

    private static final List<PublishedDataset> PUBLISHED = List.of(
            IdxDataset.FASHION_MNIST,
            IdxDataset.MNIST,
            SvhnDataset.SVHN,
            CifarDataset.CIFAR_10,
            CifarDataset.CIFAR_100,
            TinyImageNet.TINY_IMAGENET,
            Imagenette.IMAGENETTE);

    private Datasets() {}

    /**
     * Loads all classes of a dataset, without resizing, as {@link #load(String, DatasetOptions, LoadProgress)} does.
     */
    public static Dataset load(String name, Optional<Path> location) {
        return load(name, new DatasetOptions(location, Optional.empty(), List.of()), LoadProgress.NONE);
    }

    /**
     * Reads a whole dataset into memory, unless its images are resized: those are read on demand.
     *
     * @param name {@code fashion-mnist}, {@code mnist}, {@code svhn}, {@code cifar10}, {@code cifar100},
     *     {@code tiny-imagenet}, {@code imagenette}, or {@code folder:PATH} for a {@link FolderDataset}
     * @throws DatasetException if the name or a class is unknown, or the files are missing or damaged, or belong to
     *     another dataset
     */
    public static Dataset load(String name, DatasetOptions options, LoadProgress progress) {
        if (Dataset.namesFolder(name)) {
            return folder(name, options).load(name, DataHome.standard(), progress);
        }
        PublishedDataset published = published(name)
                .orElseThrow(() -> new DatasetException("unknown dataset '" + name + "': choose one of "
                        + String.join(", ", names()) + " or " + Dataset.FOLDER + "PATH"));
        Path directory = options.location().orElseGet(() -> DataHome.standard().folderOf(name));
        Dataset dataset =
                options.resizing().map(to -> published.load(directory, to)).orElseGet(() -> published.load(directory));
        requireEveryClass(dataset, directory);
        return options.classes().isEmpty() ? dataset : dataset.of(indices(options.classes(), dataset));
    }

    /**
     * Finds a folder of pictures, and reads nothing.
     *
     * @param name {@code folder:PATH}
     * @throws DatasetException if the name has no path, or the options have another one
     */
    public static FolderDataset folder(String name, DatasetOptions options) {
        if (options.location().isPresent()) {
            throw new DatasetException(name + " already names a folder: leave out --data");
        }
        String folder = name.substring(Dataset.FOLDER.length());
        if (folder.isBlank()) {
            throw new DatasetException("the dataset " + name + " names no folder: write " + Dataset.FOLDER + "PATH");
        }
        Path root = Path.of(folder);
        if (root.startsWith("~") && !Files.exists(root)) {
            throw new DatasetException("there is no folder " + root + ": a shell does not replace ~ after "
                    + Dataset.FOLDER + ", so write " + Dataset.FOLDER + "$HOME/... instead");
        }
        return new FolderDataset(root, options.classes(), options.resizing(), options.testShare(), options.leftOut());
    }

    private static void requireEveryClass(Dataset dataset, Path directory) {
        List<List<Image>> byClass = dataset.trainByClass();
        for (int label = 0; label < dataset.classes(); label++) {
            if (byClass.get(label).isEmpty()) {
                throw new DatasetException(directory + " has no training image of class "
                        + dataset.classNames().get(label) + "; it is incomplete or not " + dataset.name()
                        + DatasetException.FETCH_AGAIN);
            }
        }
    }

    public static List<String> names() {
        return PUBLISHED.stream().map(PublishedDataset::name).toList();
    }

    /**
     * Whether a folder has the files of a published dataset, in any form in which they can be read. The content of the
     * files is not checked.
     */
    public static boolean isIn(Path directory, String name) {
        return published(name).filter(dataset -> dataset.isIn(directory)).isPresent();
    }

    private static Optional<PublishedDataset> published(String name) {
        return PUBLISHED.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
    }

    private static List<Integer> indices(List<String> classes, Dataset dataset) {
        return classes.stream()
                .map(wanted -> {
                    int index = dataset.classNames().indexOf(wanted);
                    if (index < 0) {
                        throw new DatasetException(dataset.name() + " has no class '" + wanted + "': its classes are "
                                + String.join(", ", dataset.classNames()));
                    }
                    return index;
                })
                .toList();
    }
}
