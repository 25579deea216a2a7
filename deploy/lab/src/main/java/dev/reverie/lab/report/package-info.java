/** Reports on evaluated sets: tables for a terminal, charts, and the HTML page of the demo. */
@NullMarked
package dev.reverie.lab.report;

import org.jspecify.annotations.NullMarked;
