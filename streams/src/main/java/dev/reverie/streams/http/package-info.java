/** The HTTP API of a running service: ingest, memory, status and events. */
@NullMarked
package dev.reverie.streams.http;

import org.jspecify.annotations.NullMarked;
