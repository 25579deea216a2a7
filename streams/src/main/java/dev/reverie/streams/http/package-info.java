/** A running service on HTTP: images come in, the memory goes out, whoever may watches. */
@NullMarked
package dev.reverie.streams.http;

import org.jspecify.annotations.NullMarked;
