/** Tests that a reservoir is a uniform sample. */
@NullMarked
package dev.reverie.actors.reservoir;

import org.jspecify.annotations.NullMarked;
