/** Prometheus metrics from the telemetry of the actors, and their text. */
@NullMarked
package dev.reverie.monitoring;

import org.jspecify.annotations.NullMarked;
