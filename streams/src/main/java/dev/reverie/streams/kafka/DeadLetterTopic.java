package dev.reverie.streams.kafka;

import dev.reverie.actors.Asks;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.pekko.Done;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;
import org.apache.pekko.kafka.javadsl.SendProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends refused records to the dead-letter topic. Keeps the key, value and headers of a record, and adds the headers
 * {@code reverie-reason}, {@code reverie-detail} and {@code reverie-source}. If the record is then too large for the
 * brokers, omits its value and adds the header {@code reverie-omitted} with the size of the value in bytes.
 */
final class DeadLetterTopic implements ItemDelivery.Disposition<CommittableMessage<byte[], byte[]>> {

    static final String REASON = "reverie-reason";
    static final String DETAIL = "reverie-detail";
    static final String SOURCE = "reverie-source";
    static final String OMITTED = "reverie-omitted";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class);

    private final String topic;
    private final SendProducer<byte[], byte[]> producer;
    private final Executor executor;

    /**
     * Creates a sender.
     *
     * @param executor runs the calls of the producer, which block until the producer has the metadata of the topic
     */
    DeadLetterTopic(String topic, SendProducer<byte[], byte[]> producer, Executor executor) {
        this.topic = topic;
        this.producer = producer;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Done> accepted(CommittableMessage<byte[], byte[]> origin) {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> refused(CommittableMessage<byte[], byte[]> origin, Refusal refusal) {
        ConsumerRecord<byte[], byte[]> record = origin.record();
        String source = record.topic() + "-" + record.partition() + "@" + record.offset();
        LOG.warn(
                "Refused the record {}; sending it to the dead-letter topic ({}): {}",
                source,
                refusal.reason(),
                refusal.detail());
        Headers headers = new RecordHeaders(record.headers().toArray());
        put(headers, REASON, refusal.reason());
        put(headers, DETAIL, refusal.detail());
        put(headers, SOURCE, source);
        return send(new ProducerRecord<>(topic, null, record.key(), record.value(), headers))
                .exceptionallyCompose(failure -> Asks.causeOf(failure) instanceof RecordTooLargeException
                        ? send(withoutValue(record, headers))
                        : CompletableFuture.failedStage(failure));
    }

    CompletionStage<Done> close() {
        return producer.close();
    }

    private CompletionStage<Done> send(ProducerRecord<byte[], byte[]> deadLetter) {
        return CompletableFuture.completedStage(deadLetter)
                .thenComposeAsync(producer::send, executor)
                .thenApply(_ -> Done.getInstance());
    }

    private ProducerRecord<byte[], byte[]> withoutValue(ConsumerRecord<byte[], byte[]> record, Headers headers) {
        Headers marked = new RecordHeaders(headers.toArray());
        put(marked, OMITTED, Integer.toString(record.serializedValueSize()));
        return new ProducerRecord<>(topic, null, record.key(), null, marked);
    }

    private static void put(Headers headers, String name, String text) {
        headers.remove(name).add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
