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
        require(dataset, ipc, 1, factor, most -> "--ipc can be at most " + most);
    }

    /**
     * Requires {@code factor * factor} real images for each of the stored images per class while {@code classes}
     * classes share {@code stored} of them.
     *
     * @param advice says what to do, for the most images that the classes can share
     * @throws InputException if a class has fewer; the message names the smallest one
     */
    public static void require(Dataset dataset, int stored, int classes, int factor, LongFunction<String> advice) {
        int[] sizes = new int[dataset.classes()];
        dataset.train().forEach(sample -> sizes[sample.label()]++);
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
}
