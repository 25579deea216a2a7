/** A class that lives on a stream: what happens to it, what of that is durable, and who owns it. */
@NullMarked
package dev.reverie.actors.lifecycle;

import org.jspecify.annotations.NullMarked;
