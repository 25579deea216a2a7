/** What the memory is tested on, and when. */
@NullMarked
package dev.reverie.actors.evaluation;

import org.jspecify.annotations.NullMarked;
