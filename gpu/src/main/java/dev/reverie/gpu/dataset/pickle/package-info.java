/**
 * Reads Python pickles that contain dictionaries, lists, strings, integers and NumPy arrays of bytes, without executing
 * anything. Everything else that a pickle can request, including running a program, is refused.
 *
 * <p>Reverie has its own reader because the one on Maven Central (Pyrolite) reads an instance of an unknown class as a
 * dictionary instead of refusing it, sets no limits, and does not support NumPy arrays.
 */
@NullMarked
package dev.reverie.gpu.dataset.pickle;

import org.jspecify.annotations.NullMarked;
