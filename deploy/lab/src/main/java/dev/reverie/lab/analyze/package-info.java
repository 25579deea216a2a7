/** Analyses that reproduce the figures of the DREAM paper: their runs, measurements, tables and figures. */
@NullMarked
package dev.reverie.lab.analyze;

import org.jspecify.annotations.NullMarked;
