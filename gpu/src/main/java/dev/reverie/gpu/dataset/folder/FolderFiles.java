package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LoadProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files below a folder that is laid out as {@code train/CLASS/*} and {@code test/CLASS/*}, or {@code val/CLASS/*}
 * as in ImageNet. Skips files and folders whose names begin with a dot.
 *
 * @param classNames names of the classes: by default the folders under {@code train}, sorted
 */
public record FolderFiles(List<String> classNames, List<PictureFile> train, List<PictureFile> test) {

    public FolderFiles {
        classNames = List.copyOf(classNames);
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /** Lists the files below {@code root} of the given classes, in their order; without any, of all classes. */
    static FolderFiles of(Path root, List<String> classes, LoadProgress progress) {
        Path train = root.resolve("train");
        Path test = testFolder(root);
        List<String> all = classNames(train);
        List<String> tested = classNames(test);
        first(tested, all).ifPresent(unknown -> {
            throw new DatasetException(
                    test.resolve(unknown) + " is a test class without training images: add the folder "
                            + train.resolve(unknown) + ", or remove the class");
        });
        first(classes, all).ifPresent(unknown -> {
            throw new DatasetException("there is no class '" + unknown + "' in " + train
                    + ": name its folders, for example " + all.getFirst());
        });
        List<String> chosen = classes.isEmpty() ? all : classes;
        List<PictureFile> trained = files(train, chosen, progress::found);
        return new FolderFiles(chosen, trained, files(test, chosen, found -> progress.found(trained.size() + found)));
    }

    /** The first of {@code names} that {@code known} lacks. */
    private static Optional<String> first(List<String> names, List<String> known) {
        return names.stream().filter(Predicate.not(known::contains)).findFirst();
    }

    private static Path testFolder(Path root) {
        Path validation = root.resolve("val");
        Path test = root.resolve("test");
        return !hasClasses(test) && hasClasses(validation) ? validation : test;
    }

    private static boolean hasClasses(Path split) {
        return Files.isDirectory(split) && !names(split, Files::isDirectory).isEmpty();
    }

    private static List<String> classNames(Path split) {
        if (!Files.isDirectory(split)) {
            throw new DatasetException("there is no folder " + split
                    + ": arrange the images as train/CLASS/*.png and test/CLASS/*.png (or .jpg)");
        }
        List<String> names =
                names(split, Files::isDirectory).stream().map(Path::toString).toList();
        if (names.isEmpty()) {
            throw new DatasetException(
                    split + " has no subfolders: put the images of each class into a subfolder with its name");
        }
        return names;
    }

    /** Lists the files of some classes, and passes their number so far after each of them. */
    private static List<PictureFile> files(Path split, List<String> classNames, IntConsumer found) {
        List<PictureFile> files = new ArrayList<>();
        for (int label = 0; label < classNames.size(); label++) {
            Path folder = split.resolve(classNames.get(label));
            if (Files.isDirectory(folder)) {
                addFiles(folder, label, files, found);
            }
        }
        return files;
    }

    private static void addFiles(Path folder, int label, List<PictureFile> files, IntConsumer found) {
        List<Path> names = names(folder, _ -> true);
        if (names.isEmpty()) {
            throw new DatasetException(folder + " has no images: add images of the class, or remove the folder");
        }
        for (Path name : names) {
            files.add(PictureFile.of(folder, name, label));
            found.accept(files.size());
        }
    }

    /** Names of the entries that do not begin with a dot, in sorted order. */
    private static List<Path> names(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(wanted)
                    .flatMap(entry -> Stream.ofNullable(entry.getFileName()))
                    .filter(name -> !name.toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw DatasetException.unreadable(folder, e);
        } catch (UncheckedIOException e) { // thrown by the stream
            throw DatasetException.unreadable(folder, Objects.requireNonNull(e.getCause()));
        }
    }
}
