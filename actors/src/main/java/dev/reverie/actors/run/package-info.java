/** A whole run: outer and inner loops, joining classes, checkpoints, the end. */
@NullMarked
package dev.reverie.actors.run;

import org.jspecify.annotations.NullMarked;
