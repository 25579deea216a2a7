package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * <a href="http://cs231n.stanford.edu/">Tiny-ImageNet</a>: JPEG files in one folder per class, either inside the
 * published zip archive or unpacked from it. As is usual, the validation images serve as test images, because the
 * labels of the test images were never published.
 */
record TinyImageNet(long heap) implements PublishedDataset {

    static final TinyImageNet TINY_IMAGENET =
            new TinyImageNet(Runtime.getRuntime().maxMemory());

    static final ImageShape SHAPE = new ImageShape(3, 64, 64);

    private static final String ARCHIVE = "tiny-imagenet-200.zip";
    private static final String FOLDER = "tiny-imagenet-200";
    private static final String CLASSES = "wnids.txt";

    /** The means and deviations of ImageNet. */
    static final Normalisation NORMALISATION =
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
        Path place = place(directory).orElseThrow(() -> missing(ARCHIVE + " (or its folder)", directory));
        if (Files.isDirectory(place)) {
            return read(place);
        }
        try (FileSystem zip = FileSystems.newFileSystem(place)) {
            return read(zip.getPath(FOLDER));
        } catch (DatasetException e) {
            throw new DatasetException("in " + place + ": " + e.getMessage(), e);
        } catch (IOException | ProviderNotFoundException | IllegalArgumentException e) { // a path that is no text
            throw new DatasetException(
                    place + " is not a zip, or is damaged (" + e.getMessage() + ")" + DatasetException.FETCH_AGAIN, e);
        }
    }

    private Dataset read(Path root) {
        TinyImageNetFiles files = TinyImageNetFiles.in(root);
        requireHeap(files.images(), SHAPE, heap);
        return new Dataset(name(), SHAPE, files.classNames(), NORMALISATION, files.train(), files.validation());
    }

    /** Returns the unpacked folder or the archive, whichever is there; {@code directory} may be either of them. */
    private static Optional<Path> place(Path directory) {
        if (Files.isRegularFile(directory)) {
            return Optional.of(directory).filter(file -> file.endsWith(ARCHIVE));
        }
        return Stream.of(directory, directory.resolve(FOLDER))
                .filter(folder -> Files.isRegularFile(folder.resolve(CLASSES)))
                .findFirst()
                .or(() -> Optional.of(directory.resolve(ARCHIVE)).filter(Files::isRegularFile));
    }
}
