/** Events on their way to the listeners. */
@NullMarked
package dev.reverie.actors.telemetry;

import org.jspecify.annotations.NullMarked;
