/** The Kafka door, before a real broker. */
@NullMarked
package dev.reverie.streams.kafka;

import org.jspecify.annotations.NullMarked;
