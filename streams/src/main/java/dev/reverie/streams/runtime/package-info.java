/** The actor-based implementation of the service: intake, matching, memory, events and readiness. */
@NullMarked
package dev.reverie.streams.runtime;

import org.jspecify.annotations.NullMarked;
