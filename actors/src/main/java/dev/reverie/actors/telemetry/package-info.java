/**
 * Telemetry: one stream of events for the progress display, the history and the metrics, and gauges that the metrics
 * read at each scrape.
 */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
