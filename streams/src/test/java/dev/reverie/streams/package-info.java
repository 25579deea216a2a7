/** Tests of runs, services and the matching stream on a fake engine. */
@NullMarked
package dev.reverie.streams;

import org.jspecify.annotations.NullMarked;
