/** Fingerprints, by which a class recognises duplicate samples, and the record of delivered files. */
@NullMarked
package dev.reverie.actors.deduplication;

import org.jspecify.annotations.NullMarked;
