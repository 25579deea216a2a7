package dev.reverie.lab.bench;

import dev.reverie.deploy.text.Plural;
import java.util.Locale;

/**
 * The latency of requests for random batches from a service's memory.
 *
 * @param images number of images per batch
 * @param distilling whether the service was distilling at the same time
 * @param ms latency from a request to the last byte of its response
 */
public record SampleReport(int images, boolean distilling, LatencyQuantiles ms) {

    /** Formats the result for a terminal, in one line. */
    public String table() {
        return String.format(
                Locale.ROOT,
                "%s of %s from the memory, %s: %.1f ms (median; 99 %% below %.1f, at most %.1f)",
                Plural.of(ms.count(), "batch", "batches"),
                Plural.of(images, "image"),
                distilling ? "while distilling" : "not distilling",
                ms.median(),
                ms.p99(),
                ms.max());
    }
}
