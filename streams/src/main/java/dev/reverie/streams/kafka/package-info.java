/** Records of a Kafka topic are taken in: each is counted once, or lies in the dead-letter topic with the reason. */
@NullMarked
package dev.reverie.streams.kafka;

import org.jspecify.annotations.NullMarked;
