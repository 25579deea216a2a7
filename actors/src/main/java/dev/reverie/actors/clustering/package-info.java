/** When the representatives of a class are due, and how it gets them. */
@NullMarked
package dev.reverie.actors.clustering;

import org.jspecify.annotations.NullMarked;
