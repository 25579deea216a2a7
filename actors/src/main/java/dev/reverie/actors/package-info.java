/** Who owns what in a distillation, and when it happens. */
@NullMarked
package dev.reverie.actors;

import org.jspecify.annotations.NullMarked;
