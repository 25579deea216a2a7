/** A uniform sample, of bounded size, of the images of a class, and the share of its images that only test. */
@NullMarked
package dev.reverie.actors.reservoir;

import org.jspecify.annotations.NullMarked;
