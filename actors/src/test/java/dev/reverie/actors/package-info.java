/** Samples that the tests of all packages share, and tests of requests to actors. */
@NullMarked
package dev.reverie.actors;

import org.jspecify.annotations.NullMarked;
