/** A run: its loops, joining classes, checkpoints and outcome. */
@NullMarked
package dev.reverie.actors.run;

import org.jspecify.annotations.NullMarked;
