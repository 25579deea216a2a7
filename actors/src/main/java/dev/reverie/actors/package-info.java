/** Actors that own the classes and coordinate the distillation. */
@NullMarked
package dev.reverie.actors;

import org.jspecify.annotations.NullMarked;
