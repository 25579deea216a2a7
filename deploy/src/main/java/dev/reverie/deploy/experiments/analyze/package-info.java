/** The figures of the DREAM paper from runs of our own: what is run for each, what is looked at, what is drawn. */
@NullMarked
package dev.reverie.deploy.experiments.analyze;

import org.jspecify.annotations.NullMarked;
