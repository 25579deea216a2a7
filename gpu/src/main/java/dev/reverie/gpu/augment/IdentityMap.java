package dev.reverie.gpu.augment;

/** Maps an image to itself. */
enum IdentityMap implements ImageMap {
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
    public ImageMap then(ImageMap next) {
        return next;
    }
}
