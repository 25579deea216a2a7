package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;

/** Whether a dataset has enough images to begin with. */
final class DatasetSizeCheck {

    private DatasetSizeCheck() {}

    /**
     * Each of {@code ipc} stored images begins as {@code factor * factor} real ones of its class.
     *
     * @throws InputException naming the first class with fewer
     */
    static void require(Dataset dataset, int ipc, int factor) {
        int[] sizes = new int[dataset.classes()];
        dataset.train().forEach(sample -> sizes[sample.label()]++);
        long needed = (long) ipc * factor * factor;
        for (int label = 0; label < sizes.length; label++) {
            String found = "class '" + dataset.classNames().get(label) + "' has only " + sizes[label] + " images";
            if (sizes[label] < ipc) {
                throw new InputException(found + ": choose an --ipc of at most that");
            }
            if (sizes[label] < needed) {
                throw new InputException(found + ", but --ipc " + ipc + " at factor " + factor + " begins with "
                        + needed + ": choose a smaller --ipc or --factor 1");
            }
        }
    }
}
