/** Bytes from outside become samples, within limits, all of them or none. */
@NullMarked
package dev.reverie.streams.decode;

import org.jspecify.annotations.NullMarked;
