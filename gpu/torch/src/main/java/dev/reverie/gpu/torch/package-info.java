/** The engine on libtorch, for the CPU and for today's NVIDIA GPUs. No other package uses libtorch. */
@NullMarked
package dev.reverie.gpu.torch;

import org.jspecify.annotations.NullMarked;
