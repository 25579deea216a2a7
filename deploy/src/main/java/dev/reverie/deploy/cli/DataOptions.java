package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.LoadView;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.folder.FolderDataset;
import dev.reverie.gpu.dataset.folder.FolderFiles;
import dev.reverie.gpu.dataset.folder.LeftOut;
import dev.reverie.gpu.dataset.published.DatasetOptions;
import dev.reverie.gpu.dataset.published.Datasets;
import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.io.PrintWriter;
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
                            + " for pictures in PATH/train/CLASS/*.png and PATH/test/CLASS/*.png (or .jpg, or val instead of test),"
                            + " or in PATH/CLASS/*.png.")
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

    @Option(
            names = "--test-share",
            paramLabel = "S",
            description = "Share of the images of folder:PATH that become test images if it has none, from 0 to below 1"
                    + " (default: 0.1). Their paths decide, so that they are the same every time.")
    Optional<Double> testShare = Optional.empty();

    @Option(
            names = "--strict",
            description =
                    "Leave out nothing of folder:PATH: end at the first file that is no picture or cannot be"
                            + " read, and at the first class without images. Without it, they are counted and named at the end.")
    boolean strict;

    private LeftOut leftOut = new LeftOut(false);

    /**
     * Reads the dataset, and shows the progress if that takes long.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the dataset is unknown, missing or damaged
     */
    public Dataset load(CliContext context) {
        return load(dataset, options(resize.resizing()), context);
    }

    private DatasetOptions options(Optional<Resizing> resizing) {
        testShare.filter(share -> !(share >= 0 && share < 1)).ifPresent(share -> {
            throw new InputException("--test-share is a number from 0 to below 1, not " + share);
        });
        if (testShare.isPresent() && !Dataset.namesFolder(dataset)) {
            throw new InputException("--test-share only affects folder:PATH: omit it");
        }
        leftOut = new LeftOut(strict);
        return new DatasetOptions(directory, resizing, classNames(), testShare, leftOut);
    }

    /** Returns what is left out of the dataset that was loaded, now and later. */
    LeftOut leftOut() {
        return leftOut;
    }

    /** Prints how much was left out of a dataset, if anything, and the first names of each kind. */
    public static void tell(LeftOut leftOut, PrintWriter to) {
        LeftOut.Summary summary = leftOut.summary();
        if (!summary.first().isEmpty()) {
            to.println("Left out: " + Plural.of(summary.files(), "file") + ", "
                    + Plural.of(summary.pictures(), "picture") + ", "
                    + Plural.of(summary.classes(), "class", "classes") + ". The first of each:");
            summary.first().forEach(sentence -> to.println("  " + SafeExcerpt.line(sentence)));
        }
    }

    /**
     * Lists the pictures of a folder that are not to be resized; empty for another dataset, and with a size.
     *
     * @throws DatasetException if the folder is missing, or no class has images
     */
    Optional<FolderFiles> pictures(CliContext context) {
        if (!Dataset.namesFolder(dataset) || resize.resizing().isPresent()) {
            return Optional.empty();
        }
        FolderDataset folder = Datasets.folder(dataset, options(Optional.empty()));
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
        String value = classes.get();
        List<String> names = file(value)
                .map(DataOptions::lines)
                .orElseGet(() -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.isEmpty()) {
            throw new InputException("--classes names no class");
        }
        return OptionCheck.distinct("--classes", names);
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
