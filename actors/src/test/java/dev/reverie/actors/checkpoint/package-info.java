/** What is written, and what is refused. */
@NullMarked
package dev.reverie.actors.checkpoint;

import org.jspecify.annotations.NullMarked;
