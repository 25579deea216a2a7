package dev.reverie.gpu.augment;

/**
 * An affine map of one image, from x to A x + b, where x holds the values of the image in channel-first order.
 * Immutable and thread safe. {@link #apply} and {@link #adjoint} do not change their argument, but may return it.
 */
public interface AffineImageTransform {

    /** Maps an image: A x + b. */
    double[] apply(double[] image);

    /** Like {@link #apply}, but may change its argument, so that large batches need less memory. */
    default double[] applyInPlace(double[] image) {
        return apply(image);
    }

    /**
     * Converts a derivative g with respect to the mapped image into one with respect to the original image, by the
     * transpose of the linear part: A^T g.
     */
    double[] adjoint(double[] gradient);

    /** Returns the map that applies this map first and {@code next} second. */
    default AffineImageTransform then(AffineImageTransform next) {
        return next == identity() ? this : new ComposedTransform(this, next);
    }

    /** The identity map. */
    static AffineImageTransform identity() {
        return IdentityTransform.INSTANCE;
    }
}
