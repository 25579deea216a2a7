package dev.reverie.deploy;

import dev.reverie.client.ImageShape;
import dev.reverie.client.Samples;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Generates random labelled images. */
public final class RandomSamples {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

    private RandomSamples() {}

    /** Returns {@code count} images with alternating labels; the same number gives the same samples. */
    public static Samples of(int number, int count, List<String> labels) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] pixels = new byte[count * SHAPE.size()];
        random.nextBytes(pixels);
        List<String> sampleLabels = IntStream.range(0, count)
                .mapToObj(i -> labels.get(i % labels.size()))
                .toList();
        List<String> ids =
                IntStream.range(0, count).mapToObj(i -> number + "-" + i).toList();
        return Samples.of(SHAPE, pixels, sampleLabels).withIds(ids);
    }
}
