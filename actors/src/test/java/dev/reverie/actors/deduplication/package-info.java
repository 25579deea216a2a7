/** Tests of fingerprints. */
@NullMarked
package dev.reverie.actors.deduplication;

import org.jspecify.annotations.NullMarked;
