/** Parcels are settled before the eyes of a service that refuses and defers. */
@NullMarked
package dev.reverie.streams.settlement;

import org.jspecify.annotations.NullMarked;
