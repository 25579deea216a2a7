package dev.reverie.gpu.augment;

/** Applies two maps in turn; the adjoint applies their adjoints in reverse order. */
record ComposedTransform(AffineImageTransform first, AffineImageTransform second) implements AffineImageTransform {

    @Override
    public double[] apply(double[] image) {
        double[] mapped = first.apply(image);
        return mapped == image ? second.apply(image) : second.applyInPlace(mapped);
    }

    @Override
    public double[] applyInPlace(double[] image) {
        return second.applyInPlace(first.applyInPlace(image));
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return first.adjoint(second.adjoint(gradient));
    }
}
