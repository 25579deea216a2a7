package dev.reverie.gpu.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes the mean and the population standard deviation of every channel, image by image. */
final class ChannelStatistics {

    /** Rounding gives a constant channel less variance than this; one different pixel among a million gives more. */
    private static final double VARIANCE_OF_ROUNDING = 1e-12;

    private final ImageShape shape;
    private final double[] sums;
    private final double[] squares;
    private long images;

    ChannelStatistics(ImageShape shape) {
        this.shape = shape;
        this.sums = new double[shape.channels()];
        this.squares = new double[shape.channels()];
    }

    static Normalisation of(ImageShape shape, List<Image> images) {
        ChannelStatistics statistics = new ChannelStatistics(shape);
        double[] values = new double[shape.size()];
        for (Image image : images) {
            image.copyTo(values);
            statistics.add(values);
        }
        return statistics.normalisation();
    }

    static Normalisation of(ImageBatch images) {
        ChannelStatistics statistics = new ChannelStatistics(images.shape());
        double[] values = new double[images.shape().size()];
        for (int i = 0; i < images.count(); i++) {
            images.copyTo(i, values);
            statistics.add(values);
        }
        return statistics.normalisation();
    }

    private void add(double[] values) {
        int plane = shape.planeSize();
        for (int channel = 0; channel < sums.length; channel++) {
            int from = channel * plane;
            sums[channel] += Arrays.stream(values, from, from + plane).sum();
            squares[channel] += Arrays.stream(values, from, from + plane)
                    .map(value -> value * value)
                    .sum();
        }
        images++;
    }

    /** Gives a constant channel the standard deviation 1, which leaves the channel unscaled. */
    private Normalisation normalisation() {
        double count = (double) images * shape.planeSize();
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
}
