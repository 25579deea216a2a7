/** Earlier states of the memory, so that users can see how it learned. */
@NullMarked
package dev.reverie.streams.history;

import org.jspecify.annotations.NullMarked;
