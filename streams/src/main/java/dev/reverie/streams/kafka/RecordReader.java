package dev.reverie.streams.kafka;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.PictureFormat;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.RefusedException;
import dev.reverie.streams.decode.RefusedException.Reason;
import dev.reverie.streams.decode.SampleDecoder;
import dev.reverie.streams.ingest.Parcel;
import dev.reverie.streams.ingest.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;

/** Makes samples of a record, see {@link KafkaDoor} for what a record looks like. Thread safe. */
final class RecordReader {

    private final SampleDecoder decoder;

    RecordReader(IngestLimits limits) {
        this.decoder = new SampleDecoder(limits, "the record");
    }

    Parcel<CommittableMessage<byte[], byte[]>> read(CommittableMessage<byte[], byte[]> message) {
        long bytes = bytes(message.record());
        try {
            return new Parcel.Sound<>(message, bytes, samples(message.record()));
        } catch (RefusedException e) {
            return new Parcel.Broken<>(message, bytes, Refusal.of(e));
        }
    }

    /**
     * The samples of a record.
     *
     * @throws RefusedException if any of them cannot be used
     */
    List<Sample> samples(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
        byte[] value = record.value();
        if (value == null || value.length == 0) {
            throw new RefusedException(Reason.EMPTY, "the record has no value: want images");
        }
        String type = text(record, "content-type", Reason.TYPE_UNSUPPORTED).orElse("");
        return switch (type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
            case "" -> picture(record, format(value));
            case "image/png" -> picture(record, PictureFormat.PNG);
            case "image/jpeg" -> picture(record, PictureFormat.JPEG);
            case "application/json", "application/x-ndjson" -> decoder.lines(value);
            case "application/x-npz" -> decoder.batch(value);
            default ->
                throw new RefusedException(
                        Reason.TYPE_UNSUPPORTED,
                        "the record's header 'content-type' names a type that is not taken: want image/png, image/jpeg,"
                                + " application/json, application/x-ndjson or application/x-npz");
        };
    }

    private static PictureFormat format(byte[] value) throws RefusedException {
        return PictureFormat.of(value)
                .orElseThrow(() -> new RefusedException(
                        Reason.IMAGE_INVALID,
                        "the record is no picture: want a PNG or a JPEG, or a header 'content-type' that says what else"
                                + " it is"));
    }

    private List<Sample> picture(ConsumerRecord<byte[], byte[]> record, PictureFormat format) throws RefusedException {
        String label = text(record, "label", Reason.LABEL_INVALID)
                .orElseThrow(() -> new RefusedException(
                        Reason.LABEL_INVALID,
                        "the record has no header 'label': want one beside a picture, or a 'content-type' that says"
                                + " what else it is"));
        return decoder.picture(format, record.value(), label, text(record, "id", Reason.ID_INVALID));
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name, Reason reason)
            throws RefusedException {
        Optional<byte[]> bytes =
                Optional.ofNullable(record.headers().lastHeader(name)).map(Header::value);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.get()))
                    .toString());
        } catch (CharacterCodingException _) {
            throw new RefusedException(reason, "the record's header '" + name + "' is no text in UTF-8: encode it so");
        }
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        long headers = Stream.of(record.headers().toArray())
                .mapToLong(header -> header.value() == null ? 0 : header.value().length)
                .sum();
        return headers + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
}
