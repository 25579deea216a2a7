/** Tests of the HTTP API over real connections. */
@NullMarked
package dev.reverie.streams.http;

import org.jspecify.annotations.NullMarked;
