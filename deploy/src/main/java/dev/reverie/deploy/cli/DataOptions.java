package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.published.DatasetOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the real dataset and its folder. */
public final class DataOptions {

    @Option(
            names = "--dataset",
            paramLabel = "D",
            required = true,
            description =
                    "Dataset: fashion-mnist, mnist, svhn, cifar10, cifar100, tiny-imagenet, or folder:PATH for"
                            + " pictures in PATH/train/CLASS/*.png and PATH/test/CLASS/*.png (or .jpg, or val instead of test).")
    String dataset = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the published files (default: the folder that fetch uses).")
    Optional<Path> directory = Optional.empty();

    @Mixin
    final ResizeOption resize = new ResizeOption();

    @Mixin
    final ClassesOption classes = new ClassesOption();

    /**
     * Reads the dataset, and shows the progress if that takes long.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the dataset is unknown, missing or damaged
     */
    public Dataset load(CliContext context) {
        DatasetOptions options = new DatasetOptions(directory, resize.resizing(), classes.names());
        return DatasetLoader.load(dataset, options, context);
    }
}
