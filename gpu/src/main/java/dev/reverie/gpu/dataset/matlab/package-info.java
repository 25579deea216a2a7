/**
 * Reads numeric arrays of MATLAB's MAT-files, level 5, while they stream by.
 *
 * <p>A reader of our own: the one on Maven Central (MFL) allocates what a header claims, holds each array a second
 * time, and goes through {@code sun.misc.Unsafe}.
 */
@NullMarked
package dev.reverie.gpu.dataset.matlab;

import org.jspecify.annotations.NullMarked;
