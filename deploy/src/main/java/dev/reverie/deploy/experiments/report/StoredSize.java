package dev.reverie.deploy.experiments.report;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;

/**
 * How small a set is.
 *
 * @param setBytes of the stored images, and of the soft labels if there are some, in single precision
 * @param realBytes of the real training images, a byte a value
 * @param ratio {@code setBytes / realBytes}
 */
public record StoredSize(long setBytes, long realBytes, double ratio) {

    /** Of a set and the data it was made of. */
    public static StoredSize of(DistilledSet set, Dataset real) {
        long values = (long) set.parameters().count() * set.parameters().shape().size();
        long labels = set.softLabels()
                .map(soft -> (long) soft.count() * soft.classes())
                .orElse(0L);
        long setBytes = Float.BYTES * (values + labels);
        long realBytes = (long) real.train().size() * real.shape().size();
        return new StoredSize(setBytes, realBytes, (double) setBytes / realBytes);
    }
}
