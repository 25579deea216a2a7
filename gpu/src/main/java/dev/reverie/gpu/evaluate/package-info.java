/** How good a set is: train a fresh network on it, test on real data. */
@NullMarked
package dev.reverie.gpu.evaluate;

import org.jspecify.annotations.NullMarked;
