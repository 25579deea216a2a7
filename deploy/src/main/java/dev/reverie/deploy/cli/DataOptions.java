package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.LoadView;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.folder.FolderDataset;
import dev.reverie.gpu.dataset.folder.FolderFiles;
import dev.reverie.gpu.dataset.published.DatasetOptions;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the real dataset, its folder and its classes. */
public final class DataOptions {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Option(
            names = "--dataset",
            paramLabel = "D",
            required = true,
            description =
                    "Dataset: fashion-mnist, mnist, svhn, cifar10, cifar100, tiny-imagenet, imagenette, or folder:PATH"
                            + " for pictures in PATH/train/CLASS/*.png and PATH/test/CLASS/*.png (or .jpg, or val instead of test).")
    String dataset = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the published files (default: the folder that fetch uses).")
    Optional<Path> directory = Optional.empty();

    @Mixin
    final ResizeOption resize = new ResizeOption();

    @Option(
            names = "--classes",
            paramLabel = "C",
            description = "Use only these classes, in this order: names separated by commas, or a file with one name"
                    + " per line, for example a published list of ImageNet classes. Names that contain commas need a"
                    + " file.")
    Optional<String> classes = Optional.empty();

    /**
     * Reads the dataset, and shows the progress if that takes long.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the dataset is unknown, missing or damaged
     */
    public Dataset load(CliContext context) {
        return load(dataset, new DatasetOptions(directory, resize.resizing(), classNames()), context);
    }

    /**
     * Lists the pictures of a folder that are not to be resized; empty for another dataset, and with a size.
     *
     * @throws DatasetException if the folder is missing or has files of another kind
     */
    Optional<FolderFiles> pictures(CliContext context) {
        if (!Dataset.namesFolder(dataset) || resize.resizing().isPresent()) {
            return Optional.empty();
        }
        FolderDataset folder = Datasets.folder(dataset, new DatasetOptions(directory, Optional.empty(), classNames()));
        try (ProgressView view = context.progress(false).beginDelayed("Reading")) {
            return Optional.of(folder.files(new LoadView(view, context.steadyClock())));
        }
    }

    /** Reads a dataset as {@link Datasets} does, and shows the progress if that takes long. */
    public static Dataset load(String name, DatasetOptions options, CliContext context) {
        try (ProgressView view = context.progress(false).beginDelayed("Reading")) {
            return Datasets.load(name, options, new LoadView(view, context.steadyClock()));
        }
    }

    /**
     * Returns the names of the chosen classes; none if the option is not given.
     *
     * @throws InputException if there is no name, or a name is repeated
     * @throws DatasetException if the file cannot be read
     */
    List<String> classNames() {
        if (classes.isEmpty()) {
            return List.of();
        }
        List<String> names = texts(classes.get())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.isEmpty()) {
            throw new InputException("--classes names no class");
        }
        return OptionCheck.distinct("--classes", names);
    }

    private static Stream<String> texts(String value) {
        return file(value).map(DataOptions::lines).orElseGet(() -> Stream.of(value.split(",", -1)));
    }

    /** Returns the file or pipe of this name; empty if there is none. */
    private static Optional<Path> file(String value) {
        try {
            return Optional.of(Path.of(value)).filter(file -> Files.exists(file) && !Files.isDirectory(file));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readString(file).replace(BYTE_ORDER_MARK, "").lines();
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
