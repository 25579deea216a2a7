/**
 * A client of a Reverie service: sends labelled images, and replays the memory that the service learns.
 * {@link dev.reverie.client.ReverieClient} has the calls, and {@link dev.reverie.client.LocalMemory} draws batches
 * without a request for each.
 */
@NullMarked
package dev.reverie.client;

import org.jspecify.annotations.NullMarked;
