/** Analyses that reproduce the figures of the DREAM paper: their runs, measurements, tables and figures. */
@NullMarked
package dev.reverie.deploy.experiments.analyze;

import org.jspecify.annotations.NullMarked;
