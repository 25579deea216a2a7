package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A published dataset that Reverie supports by name. */
sealed interface PublishedDataset permits IdxDataset, CifarDataset, SvhnDataset, TinyImageNet {

    /** The name on the command line. */
    String name();

    /** Whether {@code directory} has the files of the dataset, in any form that {@link #load} reads. */
    boolean isIn(Path directory);

    /**
     * Reads the dataset from the files in {@code directory}.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if files are missing or damaged, or belong to another dataset
     */
    Dataset load(Path directory);

    /** The class names of a dataset of digits: 0 to 9. */
    static List<String> digits() {
        return IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    }
}
