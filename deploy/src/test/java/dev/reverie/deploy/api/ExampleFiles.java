package dev.reverie.deploy.api;

import dev.reverie.client.ImageShape;
import dev.reverie.client.Samples;
import dev.reverie.npz.NpyArray;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Generates the files to which examples refer. Their content is the same in every run. */
final class ExampleFiles {

    /** Height and width of every image of the expected size. */
    private static final int SIDE = 28;

    private static final int NINE_MEBIBYTES = 9 << 20;

    private ExampleFiles() {}

    /** Returns the content of all files by name. */
    static Map<String, byte[]> all() {
        byte[] sandal = picture(1, SIDE, "png");
        byte[] batch = samples(3, List.of("Sandal", "Bag", "Bag")).toNpz();
        return Map.of(
                "sandal.png", sandal,
                "another-sandal.png", picture(2, SIDE, "png"),
                "large-sandal.png", picture(1, SIDE + 4, "png"),
                "half-a-sandal.png", half(sandal),
                "bag.jpeg", picture(4, SIDE, "jpeg"),
                "batch.npz", batch,
                "half-a-batch.npz", half(batch),
                "picture.npy", array(),
                "nine-mebibytes.npz", new byte[NINE_MEBIBYTES]);
    }

    /** Returns a random image for each label. */
    static Samples samples(long seed, List<String> labels) {
        SplittableRandom random = new SplittableRandom(seed);
        ImageShape shape = new ImageShape(1, SIDE, SIDE);
        byte[] pixels = new byte[labels.size() * shape.size()];
        random.nextBytes(pixels);
        List<String> ids = IntStream.range(0, labels.size())
                .mapToObj(i -> "example-" + seed + "-" + i)
                .toList();
        return Samples.of(shape, pixels, labels).withIds(ids);
    }

    private static byte[] picture(long seed, int side, String format) {
        SplittableRandom random = new SplittableRandom(seed);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < side * side; i++) {
            picture.getRaster().setSample(i % side, i / side, 0, random.nextInt(256));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Returns an array of one grey image, [28, 28, 1]. */
    private static byte[] array() {
        ByteArrayOutputStream npy = new ByteArrayOutputStream();
        try {
            NpyArray.ofBytes(new byte[SIDE * SIDE], SIDE, SIDE, 1).writeTo(npy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return npy.toByteArray();
    }

    private static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
    }
}
