package dev.reverie.gpu.augment;

/** Maps an image to itself. */
enum IdentityTransform implements AffineImageTransform {
    INSTANCE;

    @Override
    public double[] apply(double[] image) {
        return image;
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return gradient;
    }

    @Override
    public AffineImageTransform then(AffineImageTransform next) {
        return next;
    }
}
