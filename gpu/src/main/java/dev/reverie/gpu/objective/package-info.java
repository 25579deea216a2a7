/** What is matched: distances between gradients, and their derivatives. */
@NullMarked
package dev.reverie.gpu.objective;

import org.jspecify.annotations.NullMarked;
