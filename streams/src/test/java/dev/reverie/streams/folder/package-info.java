/** The watched folder, on a real file system. */
@NullMarked
package dev.reverie.streams.folder;

import org.jspecify.annotations.NullMarked;
