/** What the actors tell the outside: one stream of events that progress bar, history and metrics all read. */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
