package dev.reverie.monitoring;

import java.nio.charset.StandardCharsets;

/** Scrapes metrics, as Prometheus does. */
final class Scrape {

    private Scrape() {}

    /** Returns the page of all metrics in the text format. */
    static String text(MetricsExposition metrics) {
        return new String(metrics.page("text/plain").content(), StandardCharsets.UTF_8);
    }
}
