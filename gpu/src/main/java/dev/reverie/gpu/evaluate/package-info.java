/** Evaluates training sets: trains fresh networks on a set and tests them on real images. */
@NullMarked
package dev.reverie.gpu.evaluate;

import org.jspecify.annotations.NullMarked;
