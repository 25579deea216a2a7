/** Decodes untrusted bytes into samples, within limits. */
@NullMarked
package dev.reverie.streams.decode;

import org.jspecify.annotations.NullMarked;
