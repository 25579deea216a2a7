package dev.reverie.gpu.augment;

/**
 * An affine map of one image, x to A x + b, on the values of an image in channel-first order. Immutable and thread
 * safe. Neither method changes its argument; either may return it where there is nothing to do.
 */
public interface ImageMap {

    /** The mapped image, A x + b. */
    double[] apply(double[] image);

    /** Carries a derivative by the mapped image back to one by the image: the transpose of the linear part, A^T g. */
    double[] adjoint(double[] gradient);

    /** This map first, {@code next} on its result. */
    default ImageMap then(ImageMap next) {
        return next == identity() ? this : new ComposedMap(this, next);
    }

    /** The map that changes nothing. */
    static ImageMap identity() {
        return IdentityMap.INSTANCE;
    }
}
