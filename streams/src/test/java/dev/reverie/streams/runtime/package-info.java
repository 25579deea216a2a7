/** Tests of the queries that a running service answers. */
@NullMarked
package dev.reverie.streams.runtime;

import org.jspecify.annotations.NullMarked;
