package dev.reverie.gpu.dataset;

import java.util.Collections;
import java.util.List;

/**
 * Per-channel mean and standard deviation of the real data, in units of [0, 1] pixels.
 *
 * @param mean one value a channel
 * @param std one value a channel, positive
 */
public record Normalisation(List<Double> mean, List<Double> std) {

    public Normalisation {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size()) {
            throw new IllegalArgumentException(
                    "one mean and one std per channel are needed, got " + mean.size() + " and " + std.size());
        }
        if (std.stream().anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException("a standard deviation must be positive, got " + std);
        }
    }

    /**
     * Computes the normalisation of some images.
     *
     * @param images of that shape, not empty
     */
    public static Normalisation of(ImageShape shape, List<Image> images) {
        return ChannelStatistics.of(shape, images);
    }

    /** The normalisation for images whose statistics are unknown. */
    public static Normalisation neutral(ImageShape shape) {
        return new Normalisation(
                Collections.nCopies(shape.channels(), 0.5), Collections.nCopies(shape.channels(), 0.25));
    }

    /** Whether it has one value per channel of images of that shape. */
    public boolean fits(ImageShape shape) {
        return mean.size() == shape.channels();
    }
}
