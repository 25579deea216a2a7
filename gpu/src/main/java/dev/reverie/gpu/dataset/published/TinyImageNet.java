package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.archive.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * <a href="http://cs231n.stanford.edu/">Tiny-ImageNet</a>: JPEG files in one folder per class, either inside the
 * published zip archive or unpacked from it. As is usual, the validation images serve as test images, because the
 * labels of the test images were never published.
 *
 * @param heap maximum heap size of this process, in bytes
 */
record TinyImageNet(long heap) implements PublishedDataset {

    static final TinyImageNet TINY_IMAGENET =
            new TinyImageNet(Runtime.getRuntime().maxMemory());

    static final ImageShape SHAPE = new ImageShape(3, 64, 64);

    private static final String ARCHIVE = "tiny-imagenet-200.zip";
    private static final String FOLDER = "tiny-imagenet-200";
    private static final String CLASSES = "wnids.txt";

    /** Overhead of each image in bytes: its objects, and the references to them in two lists. */
    private static final long OVERHEAD = 100;

    private static final Normalisation NORMALISATION =
            new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    @Override
    public String name() {
        return "tiny-imagenet";
    }

    @Override
    public boolean isIn(Path directory) {
        return place(directory).isPresent();
    }

    @Override
    public Dataset load(Path directory) {
        Path place = place(directory)
                .orElseThrow(() -> DatasetErrors.missing(ARCHIVE + " (or its folder)", name(), directory));
        try (FileTree files = FileTree.open(place)) {
            TinyImageNetFiles layout = TinyImageNetFiles.in(files, Files.isDirectory(place) ? "" : FOLDER + "/");
            requireHeap(layout.images());
            List<String> classNames = layout.classNames();
            return new Dataset(name(), SHAPE, classNames, NORMALISATION, layout.train(), layout.validation());
        }
    }

    /** Returns the unpacked folder or the archive, whichever is there; {@code directory} may be either of them. */
    private static Optional<Path> place(Path directory) {
        if (Files.isRegularFile(directory)) {
            return Optional.of(directory);
        }
        return Stream.of(directory, directory.resolve(FOLDER))
                .filter(folder -> Files.isRegularFile(folder.resolve(CLASSES)))
                .findFirst()
                .or(() -> Optional.of(directory.resolve(ARCHIVE)).filter(Files::isRegularFile));
    }

    /**
     * Refuses a heap that is too small before decoding begins; otherwise, the process would run out of memory minutes
     * later.
     */
    private void requireHeap(long images) {
        long needed = images * (SHAPE.size() + OVERHEAD);
        if (needed > heap / 4 * 3) {
            throw new DatasetException(name() + " needs " + (needed >> 20) + " MiB of the heap of " + (heap >> 20)
                    + " MiB, which leaves too little memory: start with REVERIE_JAVA_OPTS=-Xmx4g");
        }
    }
}
