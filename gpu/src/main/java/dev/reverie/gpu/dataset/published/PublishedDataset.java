package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A published dataset that Reverie supports by name. */
sealed interface PublishedDataset permits IdxDataset, CifarDataset, SvhnDataset, TinyImageNet {

    String name();

    /** Whether {@code directory} has the files of the dataset, in any form that {@link #load} reads. */
    boolean isIn(Path directory);

    Dataset load(Path directory);

    static List<String> digits() {
        return IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    }

    default DatasetException missing(String file, Path directory) {
        String target = directory.equals(DataHome.standard().folderOf(name())) ? "" : " --to " + directory;
        return new DatasetException(file + " of " + name() + " is not in " + directory + ": get it with 'reverie fetch "
                + name() + target + "', or name its folder with --data");
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
