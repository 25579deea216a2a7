/** Chooses the representatives of each class and decides when to choose new ones. */
@NullMarked
package dev.reverie.actors.clustering;

import org.jspecify.annotations.NullMarked;
