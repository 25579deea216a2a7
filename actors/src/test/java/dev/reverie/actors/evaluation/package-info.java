/** Tests of the evaluation of the memory. */
@NullMarked
package dev.reverie.actors.evaluation;

import org.jspecify.annotations.NullMarked;
