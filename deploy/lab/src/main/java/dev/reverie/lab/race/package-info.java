/** Compares the accuracies of runs as a function of time. */
@NullMarked
package dev.reverie.lab.race;

import org.jspecify.annotations.NullMarked;
