package dev.reverie.streams.decode;

import static dev.reverie.streams.decode.Refusals.assertRefused;
import static dev.reverie.streams.decode.Refusals.levels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An NPZ batch")
class BatchTest {

    private final IngestLimits limits = IngestLimits.defaults();
    private final DeliveryDecoder decoder = new DeliveryDecoder(limits, Optional.empty(), DeliveryDecoder.Terms.HTTP);

    private List<Sample> batch(byte[] npz) throws SampleRefusedException {
        return decoder.batch(npz, ArrayHints.NONE);
    }

    @Test
    @DisplayName("may have byte images, with labels and ids")
    void bytesWithIds() throws SampleRefusedException {
        byte[] npz = NpzBytes.greyImages(List.of("cat", "Tücher"))
                .texts("ids", List.of("a/1", "b 2"))
                .toBytes();

        List<Sample> samples = batch(npz);

        assertThat(samples).extracting(Sample::label).containsExactly("cat", "Tücher");
        assertThat(samples).extracting(Sample::id).containsExactly(Optional.of("a/1"), Optional.of("b 2"));
        assertThat(samples.getFirst().image().shape()).isEqualTo(new ImageShape(1, 2, 2));
        assertThat(levels(samples.get(1))).containsExactly(28, 35, 42, 49);
    }

    @Test
    @DisplayName("may have float images in [0, 1], with channels, and integer labels")
    void floatsWithChannels() throws SampleRefusedException {
        byte[] npz = new NpzBytes()
                .floats("images", "(1, 3, 1, 2)", 0f, 1f, 0.5f, -0f, 0.25f, Float.MIN_VALUE)
                .integers("labels", -3)
                .toBytes();

        Sample sample = batch(npz).getFirst();

        assertThat(sample.label()).isEqualTo("-3");
        assertThat(sample.id()).isEmpty();
        assertThat(sample.image().shape()).isEqualTo(new ImageShape(3, 1, 2));
        assertThat(levels(sample)).containsExactly(0, 255, 128, 0, 64, 0);
    }

    @Test
    @DisplayName("may have 4,096 images of 28x28 pixels, and not one more")
    void largeBatches() throws SampleRefusedException {
        assertThat(batch(blank(4096))).hasSize(4096);

        assertRefused(
                Reason.TOO_LARGE,
                "the array 'images' of the body has 4097 images, more than the 4096 allowed at once: send fewer",
                () -> batch(blank(4097)));
    }

    private static byte[] blank(int count) {
        return new NpzBytes()
                .array("images", "|u1", "(%d, 28, 28)".formatted(count), new byte[count * 784])
                .texts("labels", Collections.nCopies(count, "a"))
                .toBytes();
    }

    @ParameterizedTest(name = "{0} {2} of order {1}")
    @DisplayName("is refused with advice if its images have another type, order or shape")
    @CsvSource(delimiter = ';', textBlock = """
        |O;  False; (2, 2, 2);      has dtype |O: save it as float32, float64, an integer type, or Unicode text
        |V4; False; (2, 2, 2);      has dtype |V4
        |u1; False; (8,);           has shape [8]: expected [images, channels, height, width] or, for grey images, [images, height, width]
        |u1; False; ();             is truncated
        |u1; False; (0, 2, 2);      has shape [0, 2, 2], so it is empty: save at least one image
        |u1; False; (2, 0, 2, 2);   has shape [2, 0, 2, 2]
        |u1; False; (1, 4, 2, 3);   is truncated
        |u1; False; (1, 2, 2, 2);   has images of 2 channels: expected 1 (grey) or 3
        |u1; Nope;  (2, 2, 2);      has a malformed header
        """, quoteCharacter = '`')
    void otherImages(String type, String order, String shape, String message) {
        boolean empty = shape.equals("()") || shape.contains("0,");
        byte[] npz = new NpzBytes()
                .array("images", type, order, shape, new byte[empty ? 0 : 8])
                .integers("labels", 1, 2)
                .toBytes();

        assertRefused(Reason.BATCH_INVALID, message, () -> batch(npz));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("is refused with the number of the image if a float is outside [0, 1]")
    @CsvSource({"NaN", "Infinity", "-Infinity", "1e38", "1.0000001", "-1e-9", "255"})
    void otherFloats(float value) {
        byte[] npz = new NpzBytes()
                .floats("images", "(2, 1, 2)", 0, 0, 0, value)
                .integers("labels", 1, 2)
                .toBytes();

        assertRefused(
                Reason.BATCH_INVALID,
                "the array 'images' of the body has the value " + (double) value
                        + " in image 1: save floats from 0 to 1, or uint8",
                () -> batch(npz));
    }

    @Test
    @DisplayName("is refused if the ids do not match the images")
    void inconsistent() {
        assertRefused(
                Reason.BATCH_INVALID,
                "the array 'ids' of the body has length 1: expected 2, one per image",
                () -> batch(NpzBytes.greyImages(List.of("a", "b"))
                        .texts("ids", List.of("x"))
                        .toBytes()));
    }

    @Test
    @DisplayName("is refused as a whole, with the number of the image, if a label or id is invalid")
    void otherLabels() {
        assertRefused(
                Reason.LABEL_INVALID,
                "the label of image 1 of the body is 'a\\u0007', which is not a valid label",
                () -> batch(NpzBytes.greyImages(List.of("a", "a\u0007")).toBytes()));
        assertRefused(
                Reason.LABEL_INVALID,
                "the label of image 0 of the body is '', which is not a valid label",
                () -> batch(NpzBytes.greyImages(List.of("", "b")).toBytes()));
        assertRefused(
                Reason.ID_INVALID,
                "the id of image 1 of the body is 'x\\u0007', which has unprintable characters",
                () -> batch(NpzBytes.greyImages(List.of("a", "b"))
                        .texts("ids", List.of("1", "x\u0007"))
                        .toBytes()));
    }

    @Test
    @DisplayName("is refused if it has an array twice")
    void otherEntries() {
        byte[] twice = new String(
                        NpzBytes.greyImages(List.of("a"))
                                .texts("labelz", List.of("b"))
                                .toBytes(),
                        StandardCharsets.ISO_8859_1)
                .replace("labelz", "labels")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(Reason.BATCH_INVALID, "the body contains the array 'labels' more than once", () -> batch(twice));
    }

    @Test
    @DisplayName("is refused before unpacking if it would grow too much")
    void decompressionBombs() {
        NpzBytes bomb = new NpzBytes()
                .array("images", "|u1", "(20, 1024, 1024)", new byte[20 << 20])
                .texts("labels", Collections.nCopies(20, "a"));

        assertRefused(
                Reason.TOO_LARGE,
                "the body is too large: its array 'images' has 20971520 bytes, more than the 12582912",
                () -> batch(bomb.toBytes()));
    }

    @Test
    @DisplayName("is refused if it is truncated, empty or another format")
    void damaged() {
        byte[] npz = NpzBytes.greyImages(List.of("a", "b"))
                .texts("ids", List.of("x", "y"))
                .toBytes();

        for (int length = 1; length < npz.length; length++) {
            byte[] cut = Arrays.copyOf(npz, length);
            assertRefused(Reason.BATCH_INVALID, "the body is not an NPZ file, or is truncated", () -> batch(cut));
        }
        assertRefused(Reason.BODY_EMPTY, "the body is empty: send at least one image", () -> batch(new byte[0]));
        assertRefused(Reason.BATCH_INVALID, "is not an NPZ file", () -> batch(Pictures.greyPng(2, 2)));
    }

    @Test
    @DisplayName("with a flipped bit is refused or decodes to the same samples")
    void altered() throws SampleRefusedException {
        byte[] npz = NpzBytes.greyImages(List.of("a", "b")).toBytes();
        List<Sample> intact = batch(npz);
        for (int i = 0; i < npz.length; i++) {
            byte[] altered = npz.clone();
            altered[i] ^= 1;
            try {
                assertThat(batch(altered))
                        .usingRecursiveFieldByFieldElementComparator()
                        .isEqualTo(intact);
            } catch (SampleRefusedException e) {
                assertThat(e.reason()).isEqualTo(Reason.BATCH_INVALID);
            }
        }
    }
}
