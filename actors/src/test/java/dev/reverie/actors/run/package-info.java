/** Tests of the parts of a run that are not actors. */
@NullMarked
package dev.reverie.actors.run;

import org.jspecify.annotations.NullMarked;
