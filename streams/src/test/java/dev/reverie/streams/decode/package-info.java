/** What may come in, and what may not. */
@NullMarked
package dev.reverie.streams.decode;

import org.jspecify.annotations.NullMarked;
