/** Tests of the sample decoders, and helpers that encode images. */
@NullMarked
package dev.reverie.streams.decode;

import org.jspecify.annotations.NullMarked;
