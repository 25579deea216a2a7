/**
 * Reads pickles of Python that hold dictionaries, lists, texts, whole numbers and NumPy arrays of bytes, without
 * executing anything. Whatever else a pickle asks for, which may be to run a program, is refused by its name.
 *
 * <p>A reader of our own: the one on Maven Central (Pyrolite) takes a class it does not know for a dictionary instead
 * of refusing it, sets no limits, and does not know NumPy's arrays.
 */
@NullMarked
package dev.reverie.gpu.dataset.pickle;

import org.jspecify.annotations.NullMarked;
