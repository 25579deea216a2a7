/** Tests of the history of a service: its memories, curves and formats. */
@NullMarked
package dev.reverie.streams.history;

import org.jspecify.annotations.NullMarked;
