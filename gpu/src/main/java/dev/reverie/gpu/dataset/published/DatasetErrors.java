package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The errors and checks that all published datasets share. */
final class DatasetErrors {

    private DatasetErrors() {}

    /** Creates an error that reports a missing file of {@code dataset} and says how to get it. */
    static DatasetException missing(String file, String dataset, Path directory) {
        String target = directory.equals(DataHome.standard().folderOf(dataset)) ? "" : " --to " + directory;
        return new DatasetException(file + " of " + dataset + " is not in " + directory
                + ": get it with 'reverie fetch " + dataset + target + "', or name its folder with --data");
    }

    /** Creates an error that reports a label out of range. */
    static DatasetException label(String file, long label, long position, int classes) {
        return new DatasetException(file + " is damaged or of another dataset: label " + label + " at position "
                + position + ", but the classes are 0 to " + (classes - 1) + DatasetException.FETCH_AGAIN);
    }

    /** Creates an error that reports a text file with bytes that are not UTF-8. */
    static DatasetException notText(String file, CharacterCodingException cause) {
        return new DatasetException(file + " is damaged: it is not valid UTF-8" + DatasetException.FETCH_AGAIN, cause);
    }

    /**
     * Checks that every class has training images.
     *
     * @throws DatasetException if a class has no training image
     */
    static void requireEveryClass(String dataset, List<String> classNames, List<LabelledImage> train, Path directory) {
        Set<Integer> present = new HashSet<>();
        train.forEach(sample -> present.add(sample.label()));
        IntStream.range(0, classNames.size())
                .filter(label -> !present.contains(label))
                .findFirst()
                .ifPresent(label -> {
                    throw new DatasetException(directory + " has no training image of class " + classNames.get(label)
                            + "; it is incomplete or not " + dataset + DatasetException.FETCH_AGAIN);
                });
    }
}
