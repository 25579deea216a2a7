package dev.reverie.gpu.augment;

/** Applies two maps in turn; the adjoint applies their adjoints in reverse order. */
record ComposedTransform(AffineImageTransform first, AffineImageTransform second) implements AffineImageTransform {

    @Override
    public double[] apply(double[] image) {
        return second.apply(first.apply(image));
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return first.adjoint(second.adjoint(gradient));
    }
}
