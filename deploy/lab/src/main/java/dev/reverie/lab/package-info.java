/** Experiments with Reverie: comparisons of methods, the figures of the DREAM paper, benchmarks, and their reports. */
@NullMarked
package dev.reverie.lab;

import org.jspecify.annotations.NullMarked;
