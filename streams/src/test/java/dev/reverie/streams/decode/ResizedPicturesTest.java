package dev.reverie.streams.decode;

import static dev.reverie.streams.decode.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("If images are resized, a delivery")
class ResizedPicturesTest {

    private static final ImageShape GREY = new ImageShape(1, 4, 8);
    private static final ImageShape COLOUR = new ImageShape(3, 4, 8);

    private final DeliveryDecoder decoder = new DeliveryDecoder(
            IngestLimits.defaults(),
            Optional.of(new Resizing(new TargetSize(8, 4), Resizing.Fit.CROP)),
            DeliveryDecoder.Terms.HTTP);

    @Test
    @DisplayName("may be a picture of any size, grey or in colour")
    void pictures() throws SampleRefusedException {
        assertThat(shapes(image(Pictures.greyPng(3, 50)))).containsExactly(GREY);
        assertThat(shapes(image(Pictures.jpeg(640, 480)))).containsExactly(COLOUR);
        assertThat(shapes(image(Pictures.colourPng(8, 4)))).containsExactly(COLOUR);
    }

    @Test
    @DisplayName("may be a batch whose images have another size")
    void batches() throws SampleRefusedException {
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(2, 16, 16)", new byte[512])
                .texts("labels", List.of("cat", "dog"))
                .toBytes();

        assertThat(shapes(decoder.batch(batch, ArrayHints.NONE))).containsExactly(GREY, GREY);
    }

    @Test
    @DisplayName("may have lines with pictures of different sizes")
    void lines() throws SampleRefusedException {
        String lines = Pictures.line("cat", Pictures.greyPng(20, 20)) + Pictures.line("dog", Pictures.colourPng(9, 5));

        assertThat(shapes(decoder.lines(lines.getBytes(StandardCharsets.UTF_8))))
                .containsExactly(GREY, COLOUR);
    }

    @Test
    @DisplayName("is still refused by its header if a picture is too large, before it is decoded")
    void limits() {
        byte[] huge = Pictures.claiming(30_000, 30_000, Pictures.greyPng(2, 2));

        assertRefused(
                Reason.TOO_LARGE, "the body has 30000x30000 pixels, more than the 16777216 allowed", () -> image(huge));
    }

    @ParameterizedTest
    @DisplayName("may have the 6 or 12 megapixels of a phone, of which some are decoded")
    @CsvSource({"png, 4032, 3024", "jpg, 3000, 2000"})
    void photos(String format, int width, int height) throws SampleRefusedException {
        BufferedImage halves = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        halves.getRaster().setSamples(width / 2, 0, width / 2, height, 0, filled(width / 2 * height, 255));

        Image image = image(Pictures.encoded(halves, format)).getFirst().image();

        assertThat(IntStream.range(0, 8).map(image::level)).containsExactly(0, 0, 0, 0, 255, 255, 255, 255);
    }

    @Test
    @DisplayName("may not have 67 megapixels in a small file")
    void largePhotos() {
        assertRefused(
                Reason.TOO_LARGE,
                "the body has 8192x8192 pixels, more than the 16777216 allowed",
                () -> image(Pictures.blackPng(8192, 8192)));
    }

    private static int[] filled(int count, int level) {
        int[] levels = new int[count];
        Arrays.fill(levels, level);
        return levels;
    }

    @Test
    @DisplayName("asks for the memory of a picture that is decoded all at once, such as a progressive JPEG")
    void workingBytes() throws SampleRefusedException {
        List<Long> asked = new ArrayList<>();
        DeliveryDecoder reserving = decoder.reserving(asked::add);

        reserving.image(Pictures.jpeg(64, 32), "cat", Optional.empty());
        reserving.image(Pictures.progressiveJpeg(64, 32), "cat", Optional.empty());

        assertThat(asked).containsExactly(0L, 2L * 64 * 32 * 3 / 2); // the colours have a quarter of the pixels each
    }

    @Test
    @DisplayName("is refused if its resized images take more bytes than a decoded delivery may")
    void enlarged() {
        DeliveryDecoder enlarging = new DeliveryDecoder(
                IngestLimits.defaults(),
                Optional.of(new Resizing(new TargetSize(1024, 1024), Resizing.Fit.CROP)),
                DeliveryDecoder.Terms.HTTP);
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(65, 2, 2)", new byte[65 * 4])
                .texts("labels", Collections.nCopies(65, "cat"))
                .toBytes();

        assertRefused(
                Reason.TOO_LARGE,
                "the body has more than 67108864 bytes of pixels when its images are resized to 1024x1024: send at"
                        + " most 64 images at once",
                () -> enlarging.batch(batch, ArrayHints.NONE));
    }

    private List<Sample> image(byte[] content) throws SampleRefusedException {
        return decoder.image(content, "cat", Optional.empty());
    }

    private static List<ImageShape> shapes(List<Sample> samples) {
        return samples.stream().map(sample -> sample.image().shape()).toList();
    }
}
