/** Tensors, the kernels that compute with them, and the choice of the engine that implements both. */
@NullMarked
package dev.reverie.gpu.tensor;

import org.jspecify.annotations.NullMarked;
