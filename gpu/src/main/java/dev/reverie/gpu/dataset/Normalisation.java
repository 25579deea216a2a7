package dev.reverie.gpu.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Per-channel mean and standard deviation of the real data, for pixel values in [0, 1].
 *
 * @param mean one value per channel
 * @param std one positive value per channel
 */
public record Normalisation(List<Double> mean, List<Double> std) {

    /** Rounding gives a constant channel less variance than this; one different pixel among a million gives more. */
    private static final double VARIANCE_OF_ROUNDING = 1e-12;

    /** Images in which a value is below this have been normalised; resizing makes smaller negative values. */
    static final double BELOW = -0.3;

    /** The values of normalised images are nearer to zero than this. */
    static final double FARTHEST = 100;

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

    /** Computes the mean and the population standard deviation of {@code images}. */
    public static Normalisation of(ImageShape shape, List<Image> images) {
        return of(shape, images.size(), (values, image) -> images.get(image).copyTo(values));
    }

    /** Computes the mean and the population standard deviation of a batch that is not empty. */
    static Normalisation of(ImageBatch images) {
        return of(images.shape(), images.count(), (values, image) -> images.copyTo(image, values));
    }

    /**
     * Gives a constant channel the standard deviation 1, which leaves the channel unscaled.
     *
     * @param copy copies the values of an image to an array
     */
    private static Normalisation of(ImageShape shape, int images, ObjIntConsumer<double[]> copy) {
        int plane = shape.planeSize();
        double[] values = new double[shape.size()];
        double[] sums = new double[shape.channels()];
        double[] squares = new double[shape.channels()];
        for (int image = 0; image < images; image++) {
            copy.accept(values, image);
            for (int channel = 0; channel < sums.length; channel++) {
                int from = channel * plane;
                sums[channel] += Arrays.stream(values, from, from + plane).sum();
                squares[channel] += Arrays.stream(values, from, from + plane)
                        .map(value -> value * value)
                        .sum();
            }
        }
        double count = (double) images * plane;
        List<Double> mean = new ArrayList<>();
        List<Double> std = new ArrayList<>();
        for (int channel = 0; channel < sums.length; channel++) {
            double average = sums[channel] / count;
            double variance = squares[channel] / count - average * average;
            mean.add(average);
            std.add(variance > VARIANCE_OF_ROUNDING ? Math.sqrt(variance) : 1.0);
        }
        return new Normalisation(mean, std);
    }

    /** Returns a normalisation for images whose statistics are unknown. */
    public static Normalisation neutral(ImageShape shape) {
        return new Normalisation(
                Collections.nCopies(shape.channels(), 0.5), Collections.nCopies(shape.channels(), 0.25));
    }

    /** Returns the images that this normalisation has turned into the given ones. */
    ImageBatch undo(ImageBatch normalised) {
        ImageShape shape = normalised.shape();
        float[] values = normalised.toArray();
        for (int i = 0; i < values.length; i++) {
            int channel = i % shape.size() / shape.planeSize();
            values[i] = (float) (values[i] * std.get(channel) + mean.get(channel));
        }
        return ImageBatch.owning(shape, values);
    }

    public boolean fits(ImageShape shape) {
        return mean.size() == shape.channels();
    }
}
