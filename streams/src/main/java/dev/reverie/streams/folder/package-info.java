/** Ingests the files of a folder. Refused files are logged or moved, with the reason. */
@NullMarked
package dev.reverie.streams.folder;

import org.jspecify.annotations.NullMarked;
