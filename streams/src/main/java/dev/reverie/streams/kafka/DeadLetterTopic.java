package dev.reverie.streams.kafka;

import dev.reverie.actors.Asks;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.pekko.Done;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;
import org.apache.pekko.kafka.javadsl.SendProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends refused records to the dead-letter topic. Keeps the key, value and headers of a record, and adds the headers
 * {@code reverie-reason}, {@code reverie-detail} and {@code reverie-source}. If the record is then too large for the
 * brokers, omits its value, and then also its key and its own headers, and adds the header {@code reverie-omitted} with
 * the size of the value in bytes.
 *
 * @param executor runs the calls of the producer, which block until the producer has the metadata of the topic
 */
record DeadLetterTopic(String topic, SendProducer<byte[], byte[]> producer, Executor executor)
        implements ItemDelivery.Disposition<CommittableMessage<byte[], byte[]>> {

    static final String REASON = "reverie-reason";
    static final String DETAIL = "reverie-detail";
    static final String SOURCE = "reverie-source";
    static final String OMITTED = "reverie-omitted";

    /** Lets the producer choose the partition. */
    private static final @Nullable Integer ANY_PARTITION = null;

    /** An omitted key or value. */
    private static final byte @Nullable [] NO_BYTES = null;

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class);

    @Override
    public String name(CommittableMessage<byte[], byte[]> origin) {
        return source(origin.record());
    }

    @Override
    public CompletionStage<Done> accepted(CommittableMessage<byte[], byte[]> origin) {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> refused(CommittableMessage<byte[], byte[]> origin, Refusal refusal) {
        ConsumerRecord<byte[], byte[]> record = origin.record();
        String source = source(record);
        LOG.warn(
                "Refused the record {}; sending it to the dead-letter topic ({}): {}",
                source,
                refusal.reason(),
                refusal.detail());
        List<Header> explanation =
                List.of(header(REASON, refusal.reason()), header(DETAIL, refusal.detail()), header(SOURCE, source));
        // Kafka gives the size -1 to a record without a value.
        Header omitted = header(OMITTED, Integer.toString(Math.max(0, record.serializedValueSize())));
        Headers complete = new RecordHeaders(record.headers().toArray()).remove(OMITTED);
        explanation.forEach(each -> complete.remove(each.key()).add(each));
        Headers shortened = new RecordHeaders(complete.toArray()).add(omitted);
        Headers shortest = new RecordHeaders(explanation).add(omitted);
        return sendFirst(List.of(
                new ProducerRecord<>(topic, ANY_PARTITION, record.key(), record.value(), complete),
                new ProducerRecord<>(topic, ANY_PARTITION, record.key(), NO_BYTES, shortened),
                new ProducerRecord<>(topic, ANY_PARTITION, NO_BYTES, NO_BYTES, shortest)));
    }

    /** Names the place of a record: {@code TOPIC-PARTITION@OFFSET}. */
    static String source(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /** Sends the first of several versions of a dead letter that is not too large. */
    private CompletionStage<Done> sendFirst(List<ProducerRecord<byte[], byte[]>> versions) {
        return send(versions.getFirst())
                .exceptionallyCompose(
                        failure -> versions.size() > 1 && Asks.causeOf(failure) instanceof RecordTooLargeException
                                ? sendFirst(versions.subList(1, versions.size()))
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

    private static Header header(String name, String text) {
        return new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
