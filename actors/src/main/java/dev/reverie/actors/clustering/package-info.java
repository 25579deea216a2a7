/** The representatives of each class: when they are chosen, and how. */
@NullMarked
package dev.reverie.actors.clustering;

import org.jspecify.annotations.NullMarked;
