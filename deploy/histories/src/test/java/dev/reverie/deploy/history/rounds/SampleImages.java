package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.SampleKey;
import dev.reverie.deploy.replay.ImageSamples;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** Bodies of deliveries. The key of a sample determines its image, so a sample that is sent again is the same. */
public final class SampleImages {

    /** In pixels; a campaign needs 32 so that the file of a store becomes large enough to be compacted. */
    private static final int SIDE = Integer.getInteger("reverie.history.side", 8);

    private static final ImageShape SHAPE = new ImageShape(1, SIDE, SIDE);

    private SampleImages() {}

    /** The samples as {@code application/x-npz}. */
    static byte[] npz(List<SampleKey> samples) {
        return ImageSamples.of(
                        samples.stream()
                                .map(sample -> Image.of(SHAPE, pixels(sample)))
                                .toList(),
                        samples.stream().map(SampleKey::label).toList())
                .withIds(samples.stream().map(SampleKey::id).toList())
                .toNpz();
    }

    /** The samples as {@code application/x-ndjson}. */
    static byte[] lines(List<SampleKey> samples) {
        return samples.stream()
                .map(sample -> "{\"label\":\"%s\",\"id\":\"%s\",\"image\":\"%s\"}\n"
                        .formatted(
                                sample.label(), sample.id(), Base64.getEncoder().encodeToString(png(sample))))
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The image of a sample as {@code image/png}. */
    public static byte[] png(SampleKey sample) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels(sample));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", body);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return body.toByteArray();
    }

    private static byte[] pixels(SampleKey sample) {
        byte[] pixels = new byte[SIDE * SIDE];
        new SplittableRandom(sample.hashCode()).nextBytes(pixels);
        return pixels;
    }
}
