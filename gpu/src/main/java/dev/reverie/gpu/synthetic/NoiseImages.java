package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Draws noise images, which can be used to initialise synthetic images. */
public final class NoiseImages {

    private NoiseImages() {}

    /**
     * Draws images whose pixel values are normally distributed, by channel, and clamped to [0, 1]; equal seeds give
     * equal images.
     */
    public static List<Image> images(ImageShape shape, Normalisation distribution, int count, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> image(shape, distribution, random))
                .toList();
    }

    private static Image image(ImageShape shape, Normalisation distribution, RandomGenerator random) {
        byte[] levels = new byte[shape.size()];
        for (int i = 0; i < levels.length; i++) {
            int channel = i / shape.planeSize();
            double value = random.nextGaussian(
                    distribution.mean().get(channel), distribution.std().get(channel));
            levels[i] = (byte) Math.round(Image.MAX_LEVEL * Math.clamp(value, 0.0, 1.0));
        }
        return Image.of(shape, levels);
    }
}
