/** Tests of the actor of one class. */
@NullMarked
package dev.reverie.actors.lifecycle;

import org.jspecify.annotations.NullMarked;
