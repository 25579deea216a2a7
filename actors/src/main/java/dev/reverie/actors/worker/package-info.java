/** The worker, an actor that runs one job at a time on an engine and gets a new engine after a failure. */
@NullMarked
package dev.reverie.actors.worker;

import org.jspecify.annotations.NullMarked;
