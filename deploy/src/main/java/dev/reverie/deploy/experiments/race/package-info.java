/** Compares the accuracies of runs as a function of time. */
@NullMarked
package dev.reverie.deploy.experiments.race;

import org.jspecify.annotations.NullMarked;
