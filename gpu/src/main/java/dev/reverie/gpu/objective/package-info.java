/** Matching objectives (gradients, features) and the distances between gradients, with their derivatives. */
@NullMarked
package dev.reverie.gpu.objective;

import org.jspecify.annotations.NullMarked;
