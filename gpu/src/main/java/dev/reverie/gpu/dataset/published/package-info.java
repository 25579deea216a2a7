/** Datasets by the names the command line knows, read from the files their publishers distribute. */
@NullMarked
package dev.reverie.gpu.dataset.published;

import org.jspecify.annotations.NullMarked;
