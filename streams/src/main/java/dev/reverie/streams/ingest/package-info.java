/** Delivers the items of an ingest source to the service, with retries and in bounded memory. */
@NullMarked
package dev.reverie.streams.ingest;

import org.jspecify.annotations.NullMarked;
