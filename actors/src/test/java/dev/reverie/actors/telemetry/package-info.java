/** Tests of the delivery of telemetry events. */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
