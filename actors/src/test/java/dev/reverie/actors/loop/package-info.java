/** Tests of the inner loop. */
@NullMarked
package dev.reverie.actors.loop;

import org.jspecify.annotations.NullMarked;
