/**
 * Reads numeric arrays of MATLAB's level 5 MAT-files as a stream.
 *
 * <p>A reader of our own: the one on Maven Central (MFL) allocates what a header claims, holds each array a second
 * time, and goes through {@code sun.misc.Unsafe}.
 */
@NullMarked
package dev.reverie.gpu.dataset.matlab;

import org.jspecify.annotations.NullMarked;
