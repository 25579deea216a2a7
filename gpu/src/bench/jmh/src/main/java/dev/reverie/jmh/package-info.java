/** Benchmarks of single kernels, each on one core, for the sizes of a published network. */
@NullMarked
package dev.reverie.jmh;

import org.jspecify.annotations.NullMarked;
