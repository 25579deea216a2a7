/** A distillation without an end: classes come and go, converge and wake, while the loops go on. */
@NullMarked
package dev.reverie.actors.live;

import org.jspecify.annotations.NullMarked;
