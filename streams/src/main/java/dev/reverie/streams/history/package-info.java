/** The memory as it was from time to time, for those who want to watch it learn. */
@NullMarked
package dev.reverie.streams.history;

import org.jspecify.annotations.NullMarked;
