/** The distillations and services that experiments and benchmarks run for themselves. */
@NullMarked
package dev.reverie.lab.run;

import org.jspecify.annotations.NullMarked;
