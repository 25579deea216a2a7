/**
 * What NVIDIA's driver says of itself and of the GPUs of this machine. It needs no engine, and no library but the
 * driver.
 */
@NullMarked
package dev.reverie.gpu.nvidia;

import org.jspecify.annotations.NullMarked;
