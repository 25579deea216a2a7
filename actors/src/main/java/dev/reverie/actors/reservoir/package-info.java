/** A bounded uniform sample of everything a class has seen. */
@NullMarked
package dev.reverie.actors.reservoir;

import org.jspecify.annotations.NullMarked;
