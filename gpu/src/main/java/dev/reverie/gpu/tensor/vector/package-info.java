/** Kernels of Reverie's own on the Vector API, for the CPU. */
@NullMarked
package dev.reverie.gpu.tensor.vector;

import org.jspecify.annotations.NullMarked;
