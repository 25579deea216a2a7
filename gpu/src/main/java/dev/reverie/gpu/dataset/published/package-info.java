/** Reads datasets, selected by their names on the command line, from the files that their publishers distribute. */
@NullMarked
package dev.reverie.gpu.dataset.published;

import org.jspecify.annotations.NullMarked;
