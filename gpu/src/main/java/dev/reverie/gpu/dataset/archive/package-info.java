/** Reads files in a folder, a zip or a gzipped tar archive in place, without unpacking them to the disk. */
@NullMarked
package dev.reverie.gpu.dataset.archive;

import org.jspecify.annotations.NullMarked;
