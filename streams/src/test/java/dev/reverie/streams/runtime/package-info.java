/** The service itself: intake, matching and memory of a distillation that never ends. */
@NullMarked
package dev.reverie.streams.runtime;

import org.jspecify.annotations.NullMarked;
