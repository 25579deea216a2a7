/** Records the history of the memory, so that users can follow the progress of learning. */
@NullMarked
package dev.reverie.streams.history;

import org.jspecify.annotations.NullMarked;
