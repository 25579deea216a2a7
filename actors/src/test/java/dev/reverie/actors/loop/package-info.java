/** The parts of a run that need no actor. */
@NullMarked
package dev.reverie.actors.loop;

import org.jspecify.annotations.NullMarked;
