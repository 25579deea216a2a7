package dev.reverie.deploy;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzSamples;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Generates random labelled images. */
public final class RandomSamples {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

    private RandomSamples() {}

    /** Returns {@code count} images with alternating labels; the same number gives the same samples. */
    public static NpzSamples of(int number, int count, List<String> labels) {
        SplittableRandom random = new SplittableRandom(number);
        List<Image> images = IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] pixels = new byte[SHAPE.size()];
                    random.nextBytes(pixels);
                    return Image.of(SHAPE, pixels);
                })
                .toList();
        List<String> sampleLabels = IntStream.range(0, count)
                .mapToObj(i -> labels.get(i % labels.size()))
                .toList();
        List<String> ids =
                IntStream.range(0, count).mapToObj(i -> number + "-" + i).toList();
        return new NpzSamples(images, sampleLabels, Optional.of(ids));
    }
}
