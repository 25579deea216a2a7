/**
 * Delivers the items of an ingest source to the service. Retries deferred deliveries and limits the memory for pending
 * ones.
 */
@NullMarked
package dev.reverie.streams.ingest;

import org.jspecify.annotations.NullMarked;
