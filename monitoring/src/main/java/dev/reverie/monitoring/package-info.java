/** Serves Prometheus metrics from the telemetry of the actors and of the GPUs. */
@NullMarked
package dev.reverie.monitoring;

import org.jspecify.annotations.NullMarked;
