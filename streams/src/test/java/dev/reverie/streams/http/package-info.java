/** The HTTP API as its callers meet it. */
@NullMarked
package dev.reverie.streams.http;

import org.jspecify.annotations.NullMarked;
