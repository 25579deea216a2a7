/** What a sample of a stream must be like. */
@NullMarked
package dev.reverie.actors.reservoir;

import org.jspecify.annotations.NullMarked;
