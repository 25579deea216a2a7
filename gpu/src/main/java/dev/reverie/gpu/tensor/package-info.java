/** Off-heap tensors and the narrow kernel boundary: the only package that knows ND4J. */
@NullMarked
package dev.reverie.gpu.tensor;

import org.jspecify.annotations.NullMarked;
