/** Tests of the folder ingest source on a real file system. */
@NullMarked
package dev.reverie.streams.folder;

import org.jspecify.annotations.NullMarked;
