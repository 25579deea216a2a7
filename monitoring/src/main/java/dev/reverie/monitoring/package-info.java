/** What operators see: Prometheus metrics fed by the actors' telemetry. */
@NullMarked
package dev.reverie.monitoring;

import org.jspecify.annotations.NullMarked;
