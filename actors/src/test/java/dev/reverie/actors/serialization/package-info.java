/** What is written, and what is refused. */
@NullMarked
package dev.reverie.actors.serialization;

import org.jspecify.annotations.NullMarked;
