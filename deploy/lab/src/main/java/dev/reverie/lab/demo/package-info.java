/** The demo: distils a dataset in minutes, compares the result with other sets and writes a report. */
@NullMarked
package dev.reverie.lab.demo;

import org.jspecify.annotations.NullMarked;
