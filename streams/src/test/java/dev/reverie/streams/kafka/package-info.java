/** Tests of the Kafka ingest source, also with a real broker. */
@NullMarked
package dev.reverie.streams.kafka;

import org.jspecify.annotations.NullMarked;
