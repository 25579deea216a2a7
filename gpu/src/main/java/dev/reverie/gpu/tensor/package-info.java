/** Off-heap tensors and the kernels that compute on them; besides the graphs, the only package that uses ND4J. */
@NullMarked
package dev.reverie.gpu.tensor;

import org.jspecify.annotations.NullMarked;
