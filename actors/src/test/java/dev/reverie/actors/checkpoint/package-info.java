/** Tests of checkpoints and their format. */
@NullMarked
package dev.reverie.actors.checkpoint;

import org.jspecify.annotations.NullMarked;
