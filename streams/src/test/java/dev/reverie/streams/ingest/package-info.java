/** Tests of item delivery to a service that refuses and defers. */
@NullMarked
package dev.reverie.streams.ingest;

import org.jspecify.annotations.NullMarked;
