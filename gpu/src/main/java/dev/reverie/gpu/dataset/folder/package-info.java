/** Reads a dataset from folders of PNG and JPEG files. */
@NullMarked
package dev.reverie.gpu.dataset.folder;

import org.jspecify.annotations.NullMarked;
