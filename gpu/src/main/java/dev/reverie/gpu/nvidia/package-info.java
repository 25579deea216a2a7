/** NVIDIA's libraries: what they say of the driver and the GPUs of this machine, and code that they compile and run. */
@NullMarked
package dev.reverie.gpu.nvidia;

import org.jspecify.annotations.NullMarked;
