/** Off-heap tensors and the kernels that compute on them; the only package that uses ND4J, apart from the graphs. */
@NullMarked
package dev.reverie.gpu.tensor;

import org.jspecify.annotations.NullMarked;
