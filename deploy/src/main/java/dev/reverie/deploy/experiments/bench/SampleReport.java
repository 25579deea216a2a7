package dev.reverie.deploy.experiments.bench;

import java.util.Locale;

/**
 * How fast a service hands out random batches of its memory.
 *
 * @param images in a batch
 * @param distilling whether it learned meanwhile
 * @param ms from a request to the last byte of its answer
 */
public record SampleReport(int images, boolean distilling, LatencyQuantiles ms) {

    /** For a person, in a line. */
    public String table() {
        return String.format(
                Locale.ROOT,
                "%,d batches of %d images from the memory, %s: %.1f ms (median; 99 %% below %.1f, at most %.1f)",
                ms.count(),
                images,
                distilling ? "while distilling" : "not distilling",
                ms.median(),
                ms.p99(),
                ms.max());
    }
}
