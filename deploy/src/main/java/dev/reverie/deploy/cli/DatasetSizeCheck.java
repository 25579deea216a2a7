package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.Dataset;
import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Checks that a dataset has enough images for the initial synthetic images. */
public final class DatasetSizeCheck {

    private DatasetSizeCheck() {}

    /**
     * Requires {@code factor * factor} real images for each of the {@code ipc} stored images per class.
     *
     * @throws InputException if a class has fewer; the message names the smallest one
     */
    public static void require(Dataset dataset, int ipc, int factor) {
        requireAtMost(ipc, 1, dataset, factor, most -> "--ipc can be at most " + most);
    }

    /**
     * Like {@link #require}, for the {@code ipc} stored images that fit into {@code --bytes-per-class}.
     *
     * @param imageBytes bytes of a stored image
     * @throws InputException if a class has fewer; the message names the smallest one
     */
    static void requireBytes(Dataset dataset, int ipc, int factor, int imageBytes) {
        requireAtMost(
                ipc,
                1,
                dataset,
                factor,
                most -> "--bytes-per-class can be at most " + ((most + 1) * imageBytes - 1) + ", for "
                        + Plural.of(most, "image"));
    }

    /**
     * Requires {@code factor * factor} real images for each of the stored images per class while {@code classes}
     * classes share {@code total} stored images.
     *
     * @throws InputException if a class has fewer; the message names the smallest one
     */
    public static void requireTotal(Dataset dataset, int total, int classes, int factor) {
        requireAtMost(total, classes, dataset, factor, most -> "--total-images can be at most " + most);
    }

    private static void requireAtMost(
            int stored, int classes, Dataset dataset, int factor, LongFunction<String> advice) {
        int[] sizes = sizes(dataset);
        int smallest = IntStream.range(0, sizes.length)
                .boxed()
                .min(Comparator.comparingInt(label -> sizes[label]))
                .orElseThrow();
        int parts = factor * factor;
        long most = (long) (sizes[smallest] / parts) * classes;
        if (stored <= most) {
            return;
        }
        String found = "class '" + dataset.classNames().get(smallest) + "' has only "
                + Plural.of(sizes[smallest], "image")
                + (parts == 1 ? "" : ", and a stored image starts as " + parts + " of them");
        throw new InputException(found + ": " + (most == 0 ? "a class needs at least " + parts : advice.apply(most)));
    }

    private static int[] sizes(Dataset dataset) {
        int[] sizes = new int[dataset.classes()];
        dataset.train().forEach(sample -> sizes[sample.label()]++);
        return sizes;
    }
}
