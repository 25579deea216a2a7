/** Outer and inner loops as values: where a run is, whose turn it is, which real images the network sees next. */
@NullMarked
package dev.reverie.actors.schedule;

import org.jspecify.annotations.NullMarked;
