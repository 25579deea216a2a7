/** A uniform sample, of bounded size, of all images of a class. */
@NullMarked
package dev.reverie.actors.reservoir;

import org.jspecify.annotations.NullMarked;
