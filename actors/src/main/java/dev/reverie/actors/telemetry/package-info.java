/** Telemetry: one stream of events for the progress display, the history and the metrics. */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
