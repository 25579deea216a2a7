package dev.reverie.gpu.formation;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws noise images, which can be used to initialise synthetic images. Each pixel value is normally distributed around
 * mid grey and clamped to [0, 1].
 */
public final class NoiseImages {

    private static final double MEAN = 0.5;
    private static final double DEVIATION = 0.25;
    private static final int LEVELS = 255;

    private NoiseImages() {}

    /** Draws noise images; equal seeds give equal images. */
    public static List<Image> images(ImageShape shape, int count, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        return IntStream.range(0, count).mapToObj(i -> image(shape, random)).toList();
    }

    private static Image image(ImageShape shape, RandomGenerator random) {
        byte[] levels = new byte[shape.size()];
        for (int i = 0; i < levels.length; i++) {
            double value = Math.clamp(random.nextGaussian(MEAN, DEVIATION), 0.0, 1.0);
            levels[i] = (byte) Math.round(LEVELS * value);
        }
        return Image.of(shape, levels);
    }
}
