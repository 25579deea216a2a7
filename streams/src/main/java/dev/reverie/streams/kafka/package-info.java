/** Ingests the records of a Kafka topic. Refused records go to a dead-letter topic with the reason. */
@NullMarked
package dev.reverie.streams.kafka;

import org.jspecify.annotations.NullMarked;
