package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Checks the properties of affine maps on small arrays. */
final class AffineMaps {

    /** Rounding of a few hundred sums of order one. */
    private static final double DOT_PRODUCT_TOLERANCE = 1e-12;

    private static final double DIFFERENCE_TOLERANCE = 1e-6;

    private AffineMaps() {}

    static double[] noise(ImageShape shape, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        return random.doubles(shape.size(), -1, 1).toArray();
    }

    static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    static double[] minus(double[] left, double[] right) {
        double[] result = new double[left.length];
        for (int i = 0; i < left.length; i++) {
            result[i] = left[i] - right[i];
        }
        return result;
    }

    /** Checks that the adjoint is that of the map, and that only {@code applyInPlace} changes its argument. */
    static void assertDifferentiable(AffineImageTransform map, ImageShape shape) {
        assertAdjoint(map, shape);
        assertGradient(map, shape);
        double[] values = noise(shape, 31);
        double[] copy = values.clone();
        double[] mapped = map.apply(values);
        map.adjoint(values);
        assertThat(values).isEqualTo(copy);
        assertThat(map.applyInPlace(values)).isEqualTo(mapped);
    }

    /** {@code <A x - A 0, y> = <x, A^T y>}. */
    private static void assertAdjoint(AffineImageTransform map, ImageShape shape) {
        double[] x = noise(shape, 11);
        double[] y = noise(shape, 12);
        double[] linear = minus(map.apply(x), map.apply(new double[shape.size()]));

        double forward = dot(linear, y);
        double scale = Math.sqrt(dot(linear, linear) * dot(y, y));

        assertThat(dot(x, map.adjoint(y))).isCloseTo(forward, within(DOT_PRODUCT_TOLERANCE * Math.max(scale, 1)));
    }

    /** The adjoint is the gradient of {@code <map(x), y>}, value by value. */
    private static void assertGradient(AffineImageTransform map, ImageShape shape) {
        double[] x = noise(shape, 21);
        double[] y = noise(shape, 22);
        double[] gradient = map.adjoint(y);
        double step = 1e-3;
        for (int i = 0; i < x.length; i++) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[i] += step;
            down[i] -= step;
            double difference = (dot(map.apply(up), y) - dot(map.apply(down), y)) / (2 * step);
            assertThat(gradient[i])
                    .isCloseTo(difference, within(DIFFERENCE_TOLERANCE * Math.max(Math.abs(difference), 1e-3)));
        }
    }
}
