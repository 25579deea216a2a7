package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Moves values that are almost black to black, and values that are almost white to white. Flat areas, such as the
 * background of a product, are exactly black or white in real images, while learning leaves faint noise in them. This
 * noise makes a compressed image larger, and networks learn nothing from it. Each image is treated alone, so it stays
 * the same whatever happens to others, and a dark image keeps its content. An image that consists of whole bytes is a
 * real one and stays as it is.
 *
 * @param width distance from black (0) and from white (1) up to which a value is moved, in standard deviations of the
 *     values of its image, 0 to 1; with 0, values are only clamped to [0, 1]
 */
public record DeadZone(double width) {

    /** Only clamps values. */
    public static final DeadZone NONE = new DeadZone(0);

    public DeadZone {
        if (!(width >= 0 && width <= 1)) {
            throw new IllegalArgumentException("the width of a dead zone must be from 0 to 1, got " + width);
        }
    }

    /** Returns the images with all values in [0, 1], and none within the dead zone but 0 and 1. */
    public ImageBatch appliedTo(ImageBatch images) {
        float[] values = images.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(values[i], 0f, 1f);
        }
        int size = images.shape().size();
        IntStream.range(0, images.count())
                .map(image -> image * size)
                .filter(from -> isLearned(values, from, from + size))
                .forEach(from -> move(values, from, from + size));
        return ImageBatch.owning(images.shape(), values);
    }

    private static boolean isLearned(float[] values, int from, int to) {
        return IntStream.range(from, to)
                .anyMatch(i -> values[i] != Math.round(values[i] * Image.MAX_LEVEL) / (float) Image.MAX_LEVEL);
    }

    private void move(float[] values, int from, int to) {
        double limit = width * deviation(Arrays.copyOfRange(values, from, to));
        for (int i = from; i < to; i++) {
            if (values[i] <= limit) {
                values[i] = 0;
            } else if (values[i] >= 1 - limit) {
                values[i] = 1;
            }
        }
    }

    private static double deviation(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / values.length;
        return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
    }
}
