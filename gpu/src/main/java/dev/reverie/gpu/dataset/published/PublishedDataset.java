package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A published dataset that Reverie supports by name. */
sealed interface PublishedDataset permits IdxDataset, CifarDataset, SvhnDataset, TinyImageNet, Imagenette {

    /** Overhead of each image in bytes: its objects, and the references to them in two lists. */
    long OVERHEAD = 100;

    String name();

    /** Whether {@code directory} has the files of the dataset, in any form that {@link #load} reads. */
    boolean isIn(Path directory);

    /** Loads the images in the size in which they are published. */
    Dataset load(Path directory);

    /** Loads the images of a dataset that has many sizes. */
    default Dataset load(Path directory, Resizing resizing) {
        throw new DatasetException("--resize works only with photographs, of imagenette or folder:PATH: all images of "
                + name() + " have the same size");
    }

    /**
     * Finds a dataset that was published as an archive of one folder: {@code place} may be the archive or its folder,
     * or contain either of them.
     *
     * @param file name of a file in the folder
     */
    static Optional<Path> find(Path place, String archive, String folder, String file) {
        if (Files.isRegularFile(place)) {
            return Optional.of(place).filter(found -> found.endsWith(archive));
        }
        return Stream.of(place, place.resolve(folder))
                .filter(candidate -> Files.isRegularFile(candidate.resolve(file)))
                .findFirst()
                .or(() -> Optional.of(place.resolve(archive)).filter(Files::isRegularFile));
    }

    static List<String> digits() {
        return IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    }

    default DatasetException missing(String file, Path directory) {
        String target = directory.equals(DataHome.standard().folderOf(name())) ? "" : " --to " + directory;
        return new DatasetException(file + " of " + name() + " is not in " + directory + ": get it with 'reverie fetch "
                + name() + target + "', or name its folder with --data");
    }

    /**
     * Refuses a heap that is too small before decoding begins; otherwise, the process would run out of memory minutes
     * later.
     */
    default void requireHeap(long images, ImageShape shape, long heap) {
        long needed = images * (shape.size() + OVERHEAD);
        if (needed > heap / 4 * 3) {
            throw new DatasetException(name() + " needs " + (needed >> 20) + " MiB of the heap of " + (heap >> 20)
                    + " MiB, which leaves too little memory: start with REVERIE_JAVA_OPTS=-Xmx4g");
        }
    }

    /** Creates an error that reports a file with another content than the published one. */
    static DatasetException refused(String file, FileFormatException problem) {
        return new DatasetException(file + " " + problem.getMessage() + DatasetException.FETCH_AGAIN, problem);
    }

    static void requireLabel(int label, int position, int classes) throws FileFormatException {
        if (label < 0 || label >= classes) {
            throw new FileFormatException("is damaged or of another dataset: label " + label + " at position "
                    + position + ", but the classes are 0 to " + (classes - 1));
        }
    }
}
