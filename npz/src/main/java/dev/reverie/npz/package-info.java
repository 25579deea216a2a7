/**
 * Reads and writes archives of NumPy arrays, which {@code numpy.load(path, allow_pickle=False)} and {@code numpy.savez}
 * read and write. Archives from others are read in bounded memory, and no code in them is executed.
 */
@NullMarked
package dev.reverie.npz;

import org.jspecify.annotations.NullMarked;
