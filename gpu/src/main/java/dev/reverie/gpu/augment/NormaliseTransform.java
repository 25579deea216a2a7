package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;

/** Normalises pixels in [0, 1] for a network: (x - mean) / std per channel. */
public final class NormaliseTransform implements AffineImageTransform {

    private final ImageShape shape;
    private final double[] mean;
    private final double[] std;

    private NormaliseTransform(ImageShape shape, double[] mean, double[] std) {
        this.shape = shape;
        this.mean = mean;
        this.std = std;
    }

    public static NormaliseTransform of(Normalisation normalisation, ImageShape shape) {
        if (normalisation.mean().size() != shape.channels()) {
            throw new IllegalArgumentException("a " + shape + " image needs one mean and std for each channel, got "
                    + normalisation.mean().size());
        }
        return new NormaliseTransform(
                shape,
                normalisation.mean().stream().mapToDouble(Double::doubleValue).toArray(),
                normalisation.std().stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public double[] apply(double[] image) {
        return normalised(image, new double[image.length]);
    }

    @Override
    public double[] applyInPlace(double[] image) {
        return normalised(image, image);
    }

    private double[] normalised(double[] image, double[] result) {
        int plane = shape.planeSize();
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int i = channel * plane; i < (channel + 1) * plane; i++) {
                result[i] = (image[i] - mean[channel]) / std[channel];
            }
        }
        return result;
    }

    @Override
    public double[] adjoint(double[] gradient) {
        double[] result = new double[gradient.length];
        int plane = shape.planeSize();
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int i = channel * plane; i < (channel + 1) * plane; i++) {
                result[i] = gradient[i] / std[channel];
            }
        }
        return result;
    }
}
