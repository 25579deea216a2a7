/** How labelled images come into a running service: what is delivered, what is answered, what is refused and why. */
@NullMarked
package dev.reverie.actors.intake;

import org.jspecify.annotations.NullMarked;
