package dev.reverie.streams.kafka;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.StrictUtf8;
import dev.reverie.streams.decode.DeliveryDecoder;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import dev.reverie.streams.ingest.Refusal;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes records into samples. {@link KafkaIngest} describes the format of a record. Thread safe. */
final class RecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);

    private final DeliveryDecoder decoder;
    private final ArrayHints hints;
    private final ThrottledWarning warning = new ThrottledWarning();

    /**
     * Creates a reader.
     *
     * @param service returns the shape of the images of the service, which decides how an array is read
     */
    RecordReader(IngestLimits limits, Optional<Resizing> resizing, Supplier<Optional<ImageShape>> service) {
        this.decoder = new DeliveryDecoder(limits, resizing, DeliveryDecoder.Terms.KAFKA);
        this.hints = new ArrayHints(Optional.empty(), service);
    }

    /**
     * Decodes a record. A record that the decoder cannot handle is undecodable too, because it would block the records
     * behind it.
     */
    DecodeResult<CommittableMessage<byte[], byte[]>> read(CommittableMessage<byte[], byte[]> message) {
        long bytes = bytes(message.record());
        try {
            List<Sample> samples = samples(message.record());
            warning.reset();
            return new DecodeResult.Decoded<>(message, bytes, samples);
        } catch (SampleRefusedException e) {
            return new DecodeResult.Undecodable<>(message, bytes, Refusal.of(e));
        } catch (RuntimeException e) {
            return new DecodeResult.Undecodable<>(message, bytes, failure(message.record(), e));
        }
    }

    private Refusal failure(ConsumerRecord<byte[], byte[]> record, RuntimeException failure) {
        if (warning.isDue(failure.getClass())) {
            LOG.error(
                    "Cannot decode the record {}, because of the following error",
                    DeadLetterTopic.source(record),
                    failure);
        }
        return new Refusal(
                "undecodable",
                "the service failed to decode the record: remove the cause, which is in its log, and send the record"
                        + " again",
                1);
    }

    List<Sample> samples(ConsumerRecord<byte[], byte[]> record) throws SampleRefusedException {
        byte[] value = record.value();
        if (value == null || value.length == 0) {
            throw new SampleRefusedException(Reason.BODY_EMPTY, "the record has no value: send at least one image");
        }
        String declared = text(record, "content-type", Reason.TYPE_UNSUPPORTED)
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
        boolean isAnyBytes = declared.isEmpty() || declared.equals("application/octet-stream");
        return switch (isAnyBytes ? DeliveryDecoder.typeOf(value) : declared) {
            case "application/json", "application/x-ndjson" -> decoder.lines(value);
            case "application/x-npz" -> decoder.batch(value, hints);
            case "application/x-npy" -> decoder.array(value, label(record), hints);
            case String picture
            when picture.startsWith("image/") ->
                decoder.image(value, label(record), text(record, "id", Reason.ID_INVALID));
            default ->
                throw new SampleRefusedException(
                        Reason.TYPE_UNSUPPORTED,
                        "the content type in the record's header 'content-type' is not supported: use"
                                + " application/json, application/x-ndjson, application/x-npz, application/x-npy, or"
                                + " none for a picture");
        };
    }

    private static String label(ConsumerRecord<byte[], byte[]> record) throws SampleRefusedException {
        return text(record, "label", Reason.LABEL_INVALID)
                .orElseThrow(() -> new SampleRefusedException(
                        Reason.LABEL_INVALID,
                        "the record has no header 'label': add one to an image, or set the header 'content-type' to the"
                                + " format of the value"));
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name, Reason reason)
            throws SampleRefusedException {
        Optional<byte[]> bytes =
                Optional.ofNullable(record.headers().lastHeader(name)).map(Header::value);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StrictUtf8.decode(bytes.get()));
        } catch (CharacterCodingException _) {
            throw new SampleRefusedException(
                    reason, "the record's header '" + name + "' is not valid UTF-8: encode it as UTF-8");
        }
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        long headers = Stream.of(record.headers().toArray())
                .mapToLong(header -> header.value() == null ? 0 : header.value().length)
                .sum();
        return headers + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
}
