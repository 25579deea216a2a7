/**
 * Off-heap tensors, and the kernels that compute with them. Besides {@code graph}, this is the only package that uses
 * ND4J.
 */
@NullMarked
package dev.reverie.gpu.tensor;

import org.jspecify.annotations.NullMarked;
