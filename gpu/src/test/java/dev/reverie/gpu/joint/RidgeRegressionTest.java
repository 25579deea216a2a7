package dev.reverie.gpu.joint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Kernel ridge regression")
class RidgeRegressionTest {

    private static final double[][] KERNEL = {{2, 1, 0.5}, {1, 3, 0.2}, {0.5, 0.2, 1}};
    private static final double[][] REAL_KERNEL = {{1, 0.4, 0.3}, {0.2, 1, 0.1}};
    private static final double[][] LABELS = {{1, 0}, {0, 1}, {0, 1}};
    private static final double[][] REAL_LABELS = {{1, 0}, {0, 1}};

    @Test
    @DisplayName("predicts the labels of the images to which it is fitted, if hardly regularised")
    void interpolates() {
        assertThat(RidgeRegression.of(KERNEL, KERNEL, LABELS, LABELS, 1e-9).loss())
                .isCloseTo(0, offset(1e-12));
    }

    @Test
    @DisplayName("predicts the mean of the labels if regularised without limit")
    void forgets() {
        double ofMean = 0.25; // half the squared length of (0.5, -0.5)

        assertThat(RidgeRegression.of(KERNEL, REAL_KERNEL, LABELS, REAL_LABELS, 1e9)
                        .loss())
                .isCloseTo(ofMean, offset(1e-6));
    }

    @Test
    @DisplayName("does not depend on the scale of the features")
    void scale() {
        RidgeRegression small = RidgeRegression.of(KERNEL, REAL_KERNEL, LABELS, REAL_LABELS, 0.1);
        RidgeRegression large =
                RidgeRegression.of(times(100, KERNEL), times(100, REAL_KERNEL), LABELS, REAL_LABELS, 0.1);

        assertThat(large.loss()).isCloseTo(small.loss(), offset(1e-12));
    }

    private static double[][] times(double factor, double[][] matrix) {
        return Stream.of(matrix)
                .map(row -> {
                    double[] product = row.clone();
                    for (int i = 0; i < product.length; i++) {
                        product[i] *= factor;
                    }
                    return product;
                })
                .toArray(double[][]::new);
    }
}
