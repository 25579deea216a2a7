/** The whole state of a run on disk: what is written, how it is guarded, and what is refused. */
@NullMarked
package dev.reverie.actors.checkpoint;

import org.jspecify.annotations.NullMarked;
