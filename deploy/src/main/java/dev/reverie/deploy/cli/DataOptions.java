package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.published.Datasets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which real data, and where it lies. */
final class DataOptions {

    @Option(
            names = "--dataset",
            paramLabel = "D",
            required = true,
            description = "fashion-mnist, mnist, svhn, cifar10, cifar100, tiny-imagenet, or folder:PATH with"
                    + " PATH/train/CLASS/*.png and PATH/test/CLASS/*.png (or .jpg).")
    String dataset = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the files as they are published (default: where fetch puts them).")
    Optional<Path> directory = Optional.empty();

    @Mixin
    final ResizeOption resize = new ResizeOption();

    /**
     * Reads the data.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if it is not there, or not what it should be
     */
    Dataset load() {
        return Datasets.load(dataset, directory, resize.size());
    }
}
