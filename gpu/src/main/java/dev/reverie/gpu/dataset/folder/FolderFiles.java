package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LoadProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pictures of a {@link FolderDataset}, class by class and sorted by their paths.
 *
 * @param classNames names of the classes, by default sorted
 */
public record FolderFiles(List<String> classNames, List<PictureFile> train, List<PictureFile> test) {

    private static final List<String> TEST_FOLDERS = List.of("test", "val", "valid", "validation");
    private static final String LAYOUT =
            ": arrange the images as train/CLASS/*.png and test/CLASS/*.png (or .jpg), or as CLASS/*.png";

    public FolderFiles {
        classNames = List.copyOf(classNames);
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /** Returns all pictures, those to train with first. */
    List<PictureFile> all() {
        return Stream.concat(train.stream(), test.stream()).toList();
    }

    /** Lists the pictures of the chosen classes, in the order of the choice. */
    static FolderFiles of(FolderDataset dataset, LoadProgress progress) {
        List<Path> tests = TEST_FOLDERS.stream()
                .map(dataset.root()::resolve)
                .filter(Files::isDirectory)
                .toList();
        Path trainFolder = trainFolder(dataset.root(), tests);
        AtomicInteger found = new AtomicInteger();
        NavigableMap<String, List<PictureFile>> train = new TreeMap<>();
        NavigableMap<String, List<PictureFile>> test = new TreeMap<>();
        Runnable onPicture = () -> progress.found(found.incrementAndGet());
        PictureListing.list(dataset, trainFolder, train, onPicture);
        tests.forEach(folder -> PictureListing.list(dataset, folder, test, onPicture));
        List<String> names = classNames(dataset, trainFolder, train);
        test.forEach((name, pictures) -> {
            if (!pictures.isEmpty() && !names.contains(name)) {
                dataset.leftOut().emptyClass(name);
            }
        });
        boolean divided = test.keySet().stream().noneMatch(train::containsKey);
        if (divided) {
            train.forEach((name, pictures) -> test.put(name, takeTestImages(pictures, dataset.shareOfTest())));
        } else if (dataset.testShare().isPresent()) {
            throw new DatasetException(dataset.root() + " has test images of its own: omit --test-share");
        }
        FolderFiles files = new FolderFiles(names, labelled(names, train), labelled(names, test));
        if (divided) {
            progress.divided(files.test.size(), files.all().size());
        }
        return files;
    }

    private static Path trainFolder(Path root, List<Path> tests) {
        Path train = root.resolve("train");
        if (Files.isDirectory(train)) {
            return train;
        }
        if (!tests.isEmpty() || !Files.isDirectory(root)) {
            throw new DatasetException("there is no folder " + (tests.isEmpty() ? root : train) + LAYOUT);
        }
        return root;
    }

    /** Returns the names of the chosen classes that have training images. */
    private static List<String> classNames(
            FolderDataset dataset, Path folder, NavigableMap<String, List<PictureFile>> train) {
        List<String> chosen = dataset.classes().isEmpty() ? List.copyOf(train.keySet()) : dataset.classes();
        for (String name : chosen) {
            if (!train.containsKey(name)) {
                throw new DatasetException("there is no class '" + name + "' in " + folder + ": choose from "
                        + String.join(", ", train.keySet().stream().limit(10).toList()));
            }
            if (train.getOrDefault(name, List.of()).isEmpty()) {
                dataset.leftOut().emptyClass(name);
            }
        }
        List<String> names = chosen.stream()
                .filter(name -> !train.getOrDefault(name, List.of()).isEmpty())
                .toList();
        if (names.isEmpty()) {
            List<String> reasons = dataset.leftOut().summary().first();
            throw new DatasetException(folder + " has no images in folders with the names of their classes"
                    + (reasons.isEmpty() ? "" : "; for example, " + reasons.getFirst()) + LAYOUT);
        }
        return names;
    }

    /** Removes the test images from those of a class: about {@code share} of them, but not all, and at least one. */
    private static List<PictureFile> takeTestImages(List<PictureFile> pictures, double share) {
        if (pictures.isEmpty()) {
            return List.of();
        }
        long below = pictures.stream().filter(picture -> picture.rank() < share).count();
        long least = share > 0 ? Math.min(1, pictures.size() - 1) : 0;
        Set<PictureFile> taken = pictures.stream()
                .map(picture -> Map.entry(picture.rank(), picture))
                .sorted(Map.Entry.comparingByKey())
                .limit(Math.clamp(below, least, pictures.size() - 1))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        List<PictureFile> test = pictures.stream().filter(taken::contains).toList();
        pictures.removeAll(taken);
        return test;
    }

    private static List<PictureFile> labelled(List<String> names, NavigableMap<String, List<PictureFile>> byClass) {
        return IntStream.range(0, names.size())
                .boxed()
                .flatMap(label -> byClass.getOrDefault(names.get(label), List.of()).stream()
                        .map(picture -> picture.withLabel(label)))
                .toList();
    }
}
