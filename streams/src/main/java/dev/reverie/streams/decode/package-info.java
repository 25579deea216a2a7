/** Decodes untrusted bytes into samples, and enforces limits. */
@NullMarked
package dev.reverie.streams.decode;

import org.jspecify.annotations.NullMarked;
