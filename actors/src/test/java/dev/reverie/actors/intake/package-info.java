/** Tests of deliveries, duplicates, removals and failures of the store. */
@NullMarked
package dev.reverie.actors.intake;

import org.jspecify.annotations.NullMarked;
