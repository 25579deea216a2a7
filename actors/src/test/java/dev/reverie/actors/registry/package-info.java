/** Tests of the list of classes, and its stored rows. */
@NullMarked
package dev.reverie.actors.registry;

import org.jspecify.annotations.NullMarked;
