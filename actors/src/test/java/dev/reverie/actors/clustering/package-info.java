/** When representatives are due. */
@NullMarked
package dev.reverie.actors.clustering;

import org.jspecify.annotations.NullMarked;
