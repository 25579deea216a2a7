package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.Dataset;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Checks that a dataset has enough images for the initial synthetic images. */
final class DatasetSizeCheck {

    private DatasetSizeCheck() {}

    /**
     * Requires {@code factor * factor} real images for each of the {@code ipc} stored images per class.
     *
     * @throws InputException if a class has fewer; the message names the first one
     */
    static void require(Dataset dataset, int ipc, int factor) {
        int[] sizes = sizes(dataset);
        long needed = (long) ipc * factor * factor;
        for (int label = 0; label < sizes.length; label++) {
            String found =
                    "class '" + dataset.classNames().get(label) + "' has only " + Plural.of(sizes[label], "image");
            if (sizes[label] < ipc) {
                throw new InputException(found + ": choose an --ipc of at most " + sizes[label]);
            }
            if (sizes[label] < needed) {
                throw new InputException(found + ", but --ipc " + ipc + " with --factor " + factor + " needs " + needed
                        + ": choose a smaller --ipc or --factor 1");
            }
        }
    }

    /**
     * Requires {@code factor * factor} real images for each of the stored images per class while {@code classes}
     * classes share {@code total} stored images.
     *
     * @throws InputException if a class has fewer; the message names the smallest one
     */
    static void requireTotal(Dataset dataset, int total, int classes, int factor) {
        int[] sizes = sizes(dataset);
        int smallest = IntStream.range(0, sizes.length)
                .boxed()
                .min(Comparator.comparingInt(label -> sizes[label]))
                .orElseThrow();
        long most = sizes[smallest] / ((long) factor * factor) * classes;
        if (total > most) {
            throw new InputException("class '" + dataset.classNames().get(smallest) + "' has only "
                    + Plural.of(sizes[smallest], "image") + ": choose a --total-images of at most " + most);
        }
    }

    private static int[] sizes(Dataset dataset) {
        int[] sizes = new int[dataset.classes()];
        dataset.train().forEach(sample -> sizes[sample.label()]++);
        return sizes;
    }
}
