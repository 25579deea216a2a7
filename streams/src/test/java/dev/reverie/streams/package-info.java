/** Whole runs and the matching stream, on an engine that is quick and honest. */
@NullMarked
package dev.reverie.streams;

import org.jspecify.annotations.NullMarked;
