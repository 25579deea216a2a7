/** A run: its loops, classes, checkpoints and outcome. */
@NullMarked
package dev.reverie.actors.run;

import org.jspecify.annotations.NullMarked;
