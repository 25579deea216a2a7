package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A dataset that has a name of its own. */
sealed interface PublishedDataset permits IdxDataset, CifarDataset, SvhnDataset, TinyImageNet {

    /** As on the command line. */
    String name();

    /**
     * Reads it from the files in {@code directory}.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if they are missing, damaged, or not what they should be
     */
    Dataset load(Path directory);

    /** What ten digits are called. */
    static List<String> digits() {
        return IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    }
}
