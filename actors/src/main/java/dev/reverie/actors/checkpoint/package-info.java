/** Checkpoints: the complete state of a run in a file, its format and its checks. */
@NullMarked
package dev.reverie.actors.checkpoint;

import org.jspecify.annotations.NullMarked;
