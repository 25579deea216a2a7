/** Telemetry: one stream of events that progress display, history and metrics all read. */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
