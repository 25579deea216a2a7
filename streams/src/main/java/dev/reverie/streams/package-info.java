/** How things flow: the matching stream, and a whole distillation as one call. */
@NullMarked
package dev.reverie.streams;

import org.jspecify.annotations.NullMarked;
