package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageFormat;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Lists the pictures below one folder by class. A class is the first folder below it, unless a {@link LabelTable} there
 * or at the root of the dataset gives the labels. Skips files and folders whose names begin with a dot.
 */
final class PictureListing extends SimpleFileVisitor<Path> {

    private final FolderDataset dataset;
    private final Path folder;
    private final SortedMap<String, List<PictureFile>> byClass;
    private final Runnable found;
    private final Optional<LabelTable> table;
    /** Paths that the table names, and that were not found yet. */
    private final Set<String> missing = new HashSet<>();

    private PictureListing(
            FolderDataset dataset, Path folder, SortedMap<String, List<PictureFile>> byClass, Runnable found) {
        this.dataset = dataset;
        this.folder = folder;
        this.byClass = byClass;
        this.found = found;
        this.table = Stream.of(folder, dataset.root())
                .distinct()
                .flatMap(each -> LabelTable.in(each).stream())
                .findFirst();
        table.ifPresent(labels -> missing.addAll(labels.labels().keySet()));
    }

    /**
     * Adds the pictures of all chosen classes to {@code byClass}, sorted, and the names of the others without pictures.
     *
     * @param found called after each picture
     */
    static void list(FolderDataset dataset, Path folder, SortedMap<String, List<PictureFile>> byClass, Runnable found) {
        PictureListing listing = new PictureListing(dataset, folder, byClass, found);
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, listing);
        } catch (IOException e) {
            throw DatasetException.unreadable(folder, e);
        }
        listing.leaveOutMissing();
        byClass.values().forEach(pictures -> pictures.sort(Comparator.comparing(PictureFile::name)));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path subfolder, BasicFileAttributes attributes) {
        if (subfolder.equals(folder)) {
            return FileVisitResult.CONTINUE;
        }
        if (isHidden(subfolder)) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (table.isEmpty() && folder.equals(subfolder.getParent())) {
            String label = subfolder.getFileName().toString();
            byClass.computeIfAbsent(label, _ -> new ArrayList<>());
            return dataset.includes(label) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (isHidden(file) || table.filter(labels -> labels.file().equals(file)).isPresent()) {
            return FileVisitResult.CONTINUE;
        }
        if (!attributes.isRegularFile()
                || ImageFormat.promisedBy(file.getFileName().toString()).isEmpty()) {
            dataset.leftOut().file(file);
            return FileVisitResult.CONTINUE;
        }
        labelOf(file).ifPresentOrElse(label -> add(file, attributes, label), () -> dataset.leftOut()
                .picture(file
                        + table.map(labels -> " has no label in " + labels.file())
                                .orElse(" is in no folder with the name of its class")));
        return FileVisitResult.CONTINUE;
    }

    private Optional<String> labelOf(Path file) {
        if (table.isEmpty()) {
            return Optional.of(folder.relativize(file))
                    .filter(below -> below.getNameCount() > 1)
                    .map(below -> below.getName(0).toString());
        }
        String name = PictureFile.portable(table.get().folder().relativize(file));
        missing.remove(name);
        return Optional.ofNullable(table.get().labels().get(name));
    }

    private void add(Path file, BasicFileAttributes attributes, String label) {
        List<PictureFile> pictures = byClass.computeIfAbsent(label, _ -> new ArrayList<>());
        if (dataset.includes(label)) {
            pictures.add(PictureFile.of(dataset.root(), file, attributes));
            found.run();
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (file.equals(folder)) {
            throw failure;
        }
        dataset.leftOut().picture(DatasetException.unreadable(file, failure).getMessage());
        return FileVisitResult.CONTINUE;
    }

    private void leaveOutMissing() {
        table.ifPresent(labels -> missing.stream()
                .flatMap(name -> place(labels, name).stream())
                .filter(file -> file.startsWith(folder))
                .sorted()
                .forEach(file -> dataset.leftOut().picture(file + ", which " + labels.file() + " names, is missing")));
    }

    /** Where a picture would be; empty if no file can have its name, for example one with a zero character. */
    private Optional<Path> place(LabelTable labels, String name) {
        try {
            return Optional.of(labels.folder().resolve(name));
        } catch (InvalidPathException _) {
            dataset.leftOut().picture(labels.file() + " names a picture that no file can have as its name: correct it");
            return Optional.empty();
        }
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }
}
