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

    static AffineImageTransform identity() {
        return IdentityTransform.INSTANCE;
    }

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
}
