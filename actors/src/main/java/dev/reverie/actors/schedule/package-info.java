/** Positions in the outer and inner loops, visits of classes, and the order of training images. */
@NullMarked
package dev.reverie.actors.schedule;

import org.jspecify.annotations.NullMarked;
