/** Fingerprints by which the service recognises duplicate samples. */
@NullMarked
package dev.reverie.actors.deduplication;

import org.jspecify.annotations.NullMarked;
