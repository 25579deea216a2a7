/**
 * Reads Python pickles that contain dictionaries, lists, strings, integers and NumPy arrays of bytes, without executing
 * anything. Everything else that a pickle may request, including running a program, is refused.
 *
 * <p>A reader of our own: the one on Maven Central (Pyrolite) takes a class it does not know for a dictionary instead
 * of refusing it, sets no limits, and does not know NumPy's arrays.
 */
@NullMarked
package dev.reverie.gpu.dataset.pickle;

import org.jspecify.annotations.NullMarked;
