/** How samples are recognised. */
@NullMarked
package dev.reverie.actors.deduplication;

import org.jspecify.annotations.NullMarked;
