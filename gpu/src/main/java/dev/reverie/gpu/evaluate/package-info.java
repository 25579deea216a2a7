/** Evaluates a set: trains fresh networks on it and tests them on real images. */
@NullMarked
package dev.reverie.gpu.evaluate;

import org.jspecify.annotations.NullMarked;
