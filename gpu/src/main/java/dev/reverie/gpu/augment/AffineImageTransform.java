package dev.reverie.gpu.augment;

/**
 * An affine map of one image, x to A x + b, on the values of an image in channel-first order. Immutable and thread
 * safe. Neither method changes its argument; either may return it unchanged.
 */
public interface AffineImageTransform {

    /** Maps an image: A x + b. */
    double[] apply(double[] image);

    /**
     * Turns a derivative by the mapped image into the derivative by the image, with the transpose of the linear part:
     * A^T g.
     */
    double[] adjoint(double[] gradient);

    /** Composes this map with {@code next}, which is applied to its result. */
    default AffineImageTransform then(AffineImageTransform next) {
        return next == identity() ? this : new ComposedTransform(this, next);
    }

    /** The identity map. */
    static AffineImageTransform identity() {
        return IdentityTransform.INSTANCE;
    }
}
