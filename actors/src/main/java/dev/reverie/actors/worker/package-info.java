/** The worker that owns the device: one job at a time, one answer to each, a new engine after a failure. */
@NullMarked
package dev.reverie.actors.worker;

import org.jspecify.annotations.NullMarked;
