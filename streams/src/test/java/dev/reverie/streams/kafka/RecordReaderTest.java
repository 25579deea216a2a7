package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A Kafka record")
class RecordReaderTest {

    private Optional<ImageShape> stored = Optional.empty();
    private final RecordReader reader = new RecordReader(
            new IngestLimits(4096, 4, 1 << 10, 1 << 16, 200, 16, 16, 4096), Optional.empty(), () -> stored);

    @Test
    @DisplayName("is a PNG or JPEG with the label and an optional id in its headers")
    void pictures() throws SampleRefusedException {
        Sample png = reader.samples(record(Pictures.greyPng(4, 4), "label", " owl", "id", "7"))
                .getFirst();
        Sample jpeg = reader.samples(record(Pictures.jpeg(4, 4), "label", "cat", "content-type", "image/jpeg; q=1"))
                .getFirst();

        assertThat(png.label()).isEqualTo("owl");
        assertThat(png.id()).contains("7");
        assertThat(jpeg.id()).isEmpty();
        assertThat(jpeg.image().shape().channels()).isEqualTo(3);
    }

    @Test
    @DisplayName("is resized if that is set")
    void resized() throws SampleRefusedException {
        RecordReader resizing = new RecordReader(
                IngestLimits.defaults(),
                Optional.of(new Resizing(new TargetSize(8, 4), Resizing.Fit.PAD)),
                Optional::empty);

        assertThat(resizing.samples(record(Pictures.greyPng(30, 20), "label", "cat")))
                .extracting(sample -> sample.image().shape())
                .containsExactly(new ImageShape(1, 4, 8));
    }

    @Test
    @DisplayName("is a JSON object or JSON Lines, by its content type or its first byte")
    void json() throws SampleRefusedException {
        byte[] lines = Records.bytes(
                Pictures.line("cat", Pictures.greyPng(4, 4)) + Pictures.line("dog", Pictures.greyPng(4, 4)));

        assertThat(reader.samples(record(lines, "content-type", "application/x-ndjson")))
                .extracting(Sample::label)
                .containsExactly("cat", "dog");
        assertThat(reader.samples(record(lines, "Content-Type", "-", "content-type", "Application/JSON")))
                .hasSize(2);
        assertThat(reader.samples(record(lines))).hasSize(2);
    }

    @Test
    @DisplayName("with an array whose shape is open is read like the images of the service")
    void openShape() throws SampleRefusedException {
        ConsumerRecord<byte[], byte[]> record = record(
                NpzBytes.npy("|u1", "False", "(3, 4, 4)", new byte[48]),
                "label",
                "cat",
                "content-type",
                "application/x-npy");

        assertThatThrownBy(() -> reader.samples(record)).hasMessageContaining("can be 3 images of 1x4x4 or 1 image");
        stored = Optional.of(new ImageShape(3, 4, 4));
        assertThat(reader.samples(record)).hasSize(1);
    }

    @Test
    @DisplayName("is an NPZ batch, by its content type")
    void batch() throws SampleRefusedException {
        byte[] batch = NpzBytes.greyImages(List.of("cat", "dog"))
                .texts("ids", List.of("1", "2"))
                .toBytes();

        assertThat(reader.samples(record(batch, "content-type", "application/x-npz")))
                .extracting(Sample::id)
                .containsExactly(Optional.of("1"), Optional.of("2"));
    }

    @Test
    @DisplayName("is an array of images with one label, by its content type")
    void array() throws SampleRefusedException {
        byte[] npy = NpzBytes.npy("|u1", "False", "(2, 2, 2)", new byte[8]);

        assertThat(reader.samples(record(npy, "content-type", "application/x-npy", "label", "cat")))
                .extracting(Sample::label)
                .containsExactly("cat", "cat");
    }

    @Test
    @DisplayName("is refused with a sentence that names the fault")
    void refused() {
        byte[] png = Pictures.greyPng(4, 4);

        assertRefused(Reason.BODY_EMPTY, "has no value", new ConsumerRecord<>("t", 0, 0, Records.bytes("key"), null));
        assertRefused(Reason.BODY_EMPTY, "has no value", record(new byte[0], "label", "cat"));
        assertRefused(Reason.LABEL_INVALID, "no header 'label'", record(png));
        assertRefused(
                Reason.LABEL_INVALID,
                "the record header 'label' is 'c\\u0007at', which is not a valid label",
                record(png, "label", "c\u0007at"));
        assertRefused(Reason.ID_INVALID, "is empty", record(png, "label", "cat", "id", ""));
        assertRefused(
                Reason.IMAGE_INVALID, "no picture in a known format", record(Records.bytes("text"), "label", "cat"));
        assertRefused(Reason.TYPE_UNSUPPORTED, "or none for a picture", record(png, "content-type", "text/plain"));
        assertRefused(Reason.JSON_INVALID, "is not valid UTF-8", record(png, "content-type", "application/json"));
        assertRefused(Reason.BATCH_INVALID, "", record(png, "content-type", "application/x-npz"));
        assertRefused(Reason.TOO_LARGE, "4096", record(Arrays.copyOf(png, 4097), "label", "cat"));
        assertRefused(Reason.TOO_LARGE, "1024", record(Pictures.blackPng(64, 64), "label", "cat"));
    }

    @Test
    @DisplayName("is refused if a header is not text")
    void brokenHeader() {
        ConsumerRecord<byte[], byte[]> record = record(Pictures.greyPng(4, 4), "id", "1");
        record.headers().add("label", new byte[] {'c', (byte) 0xff});

        assertRefused(Reason.LABEL_INVALID, "UTF-8", record);
    }

    @Test
    @DisplayName("is refused if the decoder fails, so that it does not block its partition")
    void defect() {
        CommittableMessage<byte[], byte[]> message = failing(() -> {
            throw new IllegalStateException("a defect");
        });

        assertThat(reason(reader.read(message))).isEqualTo("undecodable");
    }

    @Test
    @DisplayName("is reported with the error of the decoder, but ever more rarely while every record fails")
    void manyDefects() {
        CommittableMessage<byte[], byte[]> message = failing(() -> {
            throw new IllegalStateException("a defect");
        });
        ActorTestKit kit = ActorTestKit.create();
        try {
            LoggingTestKit.error("Cannot decode the record t-0@7")
                    .withCause(IllegalStateException.class)
                    .withOccurrences(2)
                    .expect(kit.system(), () -> IntStream.range(0, 4)
                            .mapToObj(_ -> reader.read(message))
                            .toList());
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    @DisplayName("is not refused if the memory does not suffice, because it may suffice when it is read again")
    void outOfMemory() {
        CommittableMessage<byte[], byte[]> message = failing(() -> {
            throw new OutOfMemoryError("Java heap space");
        });

        assertThatThrownBy(() -> reader.read(message)).isInstanceOf(OutOfMemoryError.class);
    }

    private static String reason(DecodeResult<?> result) {
        return result instanceof DecodeResult.Undecodable<?> undecodable
                ? undecodable.refusal().reason()
                : "none";
    }

    /** Returns a record for which the search for a header fails. */
    private static CommittableMessage<byte[], byte[]> failing(Supplier<Header> search) {
        Headers headers = new RecordHeaders() {
            @Override
            public Header lastHeader(String key) {
                return search.get();
            }
        };
        byte[] value = Pictures.greyPng(4, 4);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "t", 0, 7, 0, TimestampType.CREATE_TIME, 0, value.length, null, value, headers, Optional.empty());
        return new CommittableMessage<>(record, null);
    }

    private void assertRefused(Reason reason, String part, ConsumerRecord<byte[], byte[]> record) {
        SampleRefusedException refusal =
                catchThrowableOfType(SampleRefusedException.class, () -> reader.samples(record));
        assertThat(refusal.getMessage()).contains(part).contains(": ");
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, String... headers) {
        Headers all = Records.with(Records.record("t", "key", value), headers).headers();
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                3,
                value.length,
                null,
                value,
                new RecordHeaders(all.toArray()),
                Optional.empty());
    }
}
