/** The engine on libtorch, for the CPU and for NVIDIA GPUs with CUDA 13. No other package uses libtorch. */
@NullMarked
package dev.reverie.gpu.torch;

import org.jspecify.annotations.NullMarked;
