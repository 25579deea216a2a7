/** How a door that can wait comes to terms with the service about what it was given: all of it, in bounded memory. */
@NullMarked
package dev.reverie.streams.ingest;

import org.jspecify.annotations.NullMarked;
