/** Files as they lie in a folder, a zip or a gzipped tar archive: read where they are, never unpacked to the disk. */
@NullMarked
package dev.reverie.gpu.dataset.archive;

import org.jspecify.annotations.NullMarked;
