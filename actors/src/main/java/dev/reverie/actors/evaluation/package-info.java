/**
 * Held-out accuracy of the memory: a network trained on the memory alone is tested on real images that were set aside.
 */
@NullMarked
package dev.reverie.actors.evaluation;

import org.jspecify.annotations.NullMarked;
