package dev.reverie.gpu.dataset;

import java.util.Collections;
import java.util.List;

/**
 * Per-channel mean and standard deviation of the real data, for pixel values in [0, 1].
 *
 * @param mean one value per channel
 * @param std one positive value per channel
 */
public record Normalisation(List<Double> mean, List<Double> std) {

    public Normalisation {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size()) {
            throw new IllegalArgumentException(
                    "expected one mean and one std per channel, got " + mean.size() + " and " + std.size());
        }
        if (std.stream().anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException("a standard deviation must be positive, got " + std);
        }
    }

    /**
     * Computes the mean and standard deviation of {@code images}.
     *
     * @param images at least one image of the given shape
     */
    public static Normalisation of(ImageShape shape, List<Image> images) {
        return ChannelStatistics.of(shape, images);
    }

    /** Returns a normalisation for images whose statistics are unknown. */
    public static Normalisation neutral(ImageShape shape) {
        return new Normalisation(
                Collections.nCopies(shape.channels(), 0.5), Collections.nCopies(shape.channels(), 0.25));
    }

    /** Whether this normalisation has one value for each channel of {@code shape}. */
    public boolean fits(ImageShape shape) {
        return mean.size() == shape.channels();
    }
}
