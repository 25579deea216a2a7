/** Serves Prometheus metrics from the telemetry of the actors. */
@NullMarked
package dev.reverie.monitoring;

import org.jspecify.annotations.NullMarked;
