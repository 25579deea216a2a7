/**
 * Reads numeric arrays from MATLAB's level 5 MAT-files as streams.
 *
 * <p>Reverie has its own reader because the one on Maven Central (MFL) allocates as much memory as the header declares,
 * copies each array, and uses {@code sun.misc.Unsafe}.
 */
@NullMarked
package dev.reverie.gpu.dataset.matlab;

import org.jspecify.annotations.NullMarked;
