/** Held-out accuracy of the memory: a network trained on the memory alone is tested on later real images. */
@NullMarked
package dev.reverie.actors.evaluation;

import org.jspecify.annotations.NullMarked;
