package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageFile;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Resizing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads a folder of images laid out as {@code train/CLASS/*} and {@code test/CLASS/*}. The classes are the folders
 * under {@code train} in sorted order. All images must have the same size, unless they are resized. The dataset is grey
 * if every file is grey, otherwise RGB.
 */
final class FolderDataset {

    private static final long MAX_BYTES = 1L << 30;
    private static final int RGB = 3;

    private final List<String> classNames;
    private final Optional<Resizing> resizing;
    private final List<LabelledImage> train = new ArrayList<>();
    private final List<LabelledImage> test = new ArrayList<>();
    private long bytes;

    private FolderDataset(List<String> classNames, Optional<Resizing> resizing) {
        this.classNames = classNames;
        this.resizing = resizing;
    }

    /**
     * Reads all images below {@code root}; skips files whose names begin with a dot.
     *
     * @param resizing how the images are resized; if empty, all must have the same size
     * @throws DatasetException if a folder is missing or empty, a file is not a valid PNG or JPEG of the common size,
     *     or the images are too large in total
     */
    static Dataset load(String name, Path root, Optional<Resizing> resizing) {
        Path train = root.resolve("train");
        Path test = root.resolve("test");
        FolderDataset dataset = new FolderDataset(classNames(train), resizing);
        classNames(test).stream()
                .filter(Predicate.not(dataset.classNames::contains))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new DatasetException(
                            test.resolve(unknown) + " is a test class without training images: add the folder "
                                    + train.resolve(unknown) + ", or remove the class");
                });
        dataset.readClasses(train, dataset.train);
        dataset.readClasses(test, dataset.test);
        return dataset.toDataset(name);
    }

    private static List<String> classNames(Path split) {
        if (!Files.isDirectory(split)) {
            throw new DatasetException("there is no folder " + split
                    + ": arrange the images as train/CLASS/*.png and test/CLASS/*.png (or .jpg)");
        }
        List<String> names = entries(split).stream()
                .filter(Files::isDirectory)
                .map(FolderDataset::nameOf)
                .toList();
        if (names.isEmpty()) {
            throw new DatasetException(
                    split + " has no subfolders: put the images of each class into a subfolder with its name");
        }
        return names;
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Lists the entries whose names do not begin with a dot, in sorted order. */
    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !nameOf(entry).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw DatasetException.unreadable(folder, e);
        }
    }

    private void readClasses(Path split, List<LabelledImage> samples) {
        for (int label = 0; label < classNames.size(); label++) {
            Path folder = split.resolve(classNames.get(label));
            if (Files.isDirectory(folder)) {
                readClass(folder, label, samples);
            }
        }
    }

    private void readClass(Path folder, int label, List<LabelledImage> samples) {
        List<Path> files = entries(folder);
        if (files.isEmpty()) {
            throw new DatasetException(folder + " has no images: add images of the class, or remove the folder");
        }
        for (Path file : files) {
            Image image = read(file);
            requireCommonSize(file, image.shape());
            bytes += image.shape().size();
            if (bytes > MAX_BYTES) {
                throw new DatasetException("the images up to " + file + " take more than " + (MAX_BYTES >> 20)
                        + " MiB when decoded: use fewer images, or scale them down with --resize");
            }
            samples.add(new LabelledImage(image, label));
        }
    }

    private Image read(Path file) {
        return resizing.map(to -> to.apply(ImageFile.read(file, Resizing.MAX_PIXELS)))
                .orElseGet(() -> ImageFile.read(file, ImageFile.MAX_PIXELS));
    }

    private void requireCommonSize(Path file, ImageShape shape) {
        ImageShape first = train.isEmpty() ? shape : train.getFirst().image().shape();
        if (shape.height() != first.height() || shape.width() != first.width()) {
            throw new DatasetException(file + " is " + shape.width() + "x" + shape.height()
                    + " pixels (width x height), but the images before it are " + first.width() + "x" + first.height()
                    + ": bring all images to one size with --resize WxH");
        }
    }

    private Dataset toDataset(String name) {
        boolean colour = Stream.concat(train.stream(), test.stream())
                .anyMatch(sample -> sample.image().shape().channels() == RGB);
        List<LabelledImage> trainImages = colour ? inColour(train) : train;
        List<LabelledImage> testImages = colour ? inColour(test) : test;
        ImageShape shape = trainImages.getFirst().image().shape();
        Normalisation normalisation = Normalisation.of(
                shape, trainImages.stream().map(LabelledImage::image).toList());
        return new Dataset(name, shape, classNames, normalisation, trainImages, testImages);
    }

    private static List<LabelledImage> inColour(List<LabelledImage> samples) {
        return samples.stream()
                .map(sample -> new LabelledImage(sample.image().inColour(), sample.label()))
                .toList();
    }
}
