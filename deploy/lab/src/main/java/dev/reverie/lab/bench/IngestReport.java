package dev.reverie.lab.bench;

import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Locale;

/**
 * The ingest rate and latency of a service.
 *
 * @param shape image shape
 * @param batch number of images per request
 * @param connections number of concurrent requests
 * @param distilling whether the service was distilling at the same time
 * @param accepted number of images that the service accepted and stored durably
 * @param seconds time from the first request to the last reply
 * @param imagesPerSecond number of accepted images per second; duplicates do not count
 * @param ms milliseconds from a request to its acknowledgement
 */
public record IngestReport(
        ImageShape shape,
        int batch,
        int connections,
        boolean distilling,
        long accepted,
        double seconds,
        double imagesPerSecond,
        LatencyQuantiles ms) {

    private static final double MEGA = 1e6;

    /** Formats the result for a terminal, in a few lines. */
    public String table() {
        return String.format(
                Locale.ROOT,
                """
                durable ingest of %s images in batches of %d, %s, %s: %,.0f images/s
                  accepted %,d in %.1f s, %.1f MB/s of pixels
                  a request took %.1f ms (median; 99 %% below %.1f, at most %.1f)""",
                shape,
                batch,
                Plural.of(connections, "connection"),
                distilling ? "while distilling" : "not distilling",
                imagesPerSecond,
                accepted,
                seconds,
                imagesPerSecond * shape.size() / MEGA,
                ms.median(),
                ms.p99(),
                ms.max());
    }
}
