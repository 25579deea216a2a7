/** Samples that the tests of all packages share. */
@NullMarked
package dev.reverie.actors;

import org.jspecify.annotations.NullMarked;
