/** Loops as values. */
@NullMarked
package dev.reverie.actors.schedule;

import org.jspecify.annotations.NullMarked;
