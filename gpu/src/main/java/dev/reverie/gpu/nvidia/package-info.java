/** What NVIDIA's driver says of itself and of the GPUs of this machine. */
@NullMarked
package dev.reverie.gpu.nvidia;

import org.jspecify.annotations.NullMarked;
