package dev.reverie.streams.decode;

import static dev.reverie.streams.decode.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.ImageFormat;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
        assertThat(shapes(image(ImageFormat.PNG, Pictures.greyPng(3, 50)))).containsExactly(GREY);
        assertThat(shapes(image(ImageFormat.JPEG, Pictures.jpeg(640, 480)))).containsExactly(COLOUR);
        assertThat(shapes(image(ImageFormat.PNG, Pictures.colourPng(8, 4)))).containsExactly(COLOUR);
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
                Reason.TOO_LARGE,
                "the body has 30000x30000 pixels, more than the 4194304 allowed",
                () -> image(ImageFormat.PNG, huge));
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

    private List<Sample> image(ImageFormat format, byte[] content) throws SampleRefusedException {
        return decoder.image(format, content, "cat", Optional.empty());
    }

    private static List<ImageShape> shapes(List<Sample> samples) {
        return samples.stream().map(sample -> sample.image().shape()).toList();
    }
}
