/** Tests of the parts of a run, and of runs without visits. */
@NullMarked
package dev.reverie.actors.run;

import org.jspecify.annotations.NullMarked;
