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
                    "want one mean and one std a channel, got " + mean.size() + " and " + std.size());
        }
        if (std.stream().anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException("a standard deviation is positive, got " + std);
        }
    }

    /**
     * That of some images.
     *
     * @param images of that shape, not empty
     */
    public static Normalisation of(ImageShape shape, List<Image> images) {
        return ChannelStatistics.of(shape, images);
    }

    /** For images of which too little is known to tell. */
    public static Normalisation neutral(ImageShape shape) {
        return new Normalisation(
                Collections.nCopies(shape.channels(), 0.5), Collections.nCopies(shape.channels(), 0.25));
    }

    /** Whether it has a value for each channel of such images. */
    public boolean fits(ImageShape shape) {
        return mean.size() == shape.channels();
    }
}
