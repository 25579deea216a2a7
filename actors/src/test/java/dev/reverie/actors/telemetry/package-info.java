/** Tests of the delivery of telemetry events, and the settings of a run for tests of their listeners. */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
