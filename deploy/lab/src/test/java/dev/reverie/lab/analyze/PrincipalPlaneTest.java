package dev.reverie.lab.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.select.Features;
import dev.reverie.lab.analyze.CoverageAnalysis.PrincipalPlane;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plane of the first two principal components")
class PrincipalPlaneTest {

    /** Features are single precision. */
    private static final double ROUNDING = 1e-5;

    private static final int COUNT = 40;
    private static final int DIMENSION = 60;

    private final SplittableRandom random = new SplittableRandom(3);

    /** Returns points spread along two orthogonal directions, more along the first, with noise in all directions. */
    private Features cloud(double noise) {
        float[] values = new float[COUNT * DIMENSION];
        for (int i = 0; i < COUNT; i++) {
            double along = random.nextDouble(-5, 5);
            double across = random.nextDouble(-2, 2);
            for (int j = 0; j < DIMENSION; j++) {
                double plane = j % 2 == 0 ? 3 + along : 1 + across;
                values[i * DIMENSION + j] = (float) (plane + noise * random.nextDouble(-1, 1));
            }
        }
        return Features.of(DIMENSION, values);
    }

    @Test
    @DisplayName("preserves the distances between points in it, and explains all their variance")
    void isometric() {
        Features points = cloud(0);

        PrincipalPlane plane = PrincipalPlane.of(points);
        double[][] places = plane.project(points);

        assertThat(plane.explained()).isCloseTo(1, within(ROUNDING));
        double between = Math.hypot(places[0][0] - places[1][0], places[0][1] - places[1][1]);
        double squared = 0;
        for (int j = 0; j < DIMENSION; j++) {
            double difference = points.values().get(j) - points.values().get(DIMENSION + j);
            squared += difference * difference;
        }
        assertThat(between).isCloseTo(Math.sqrt(squared), within(ROUNDING * between));
    }

    @Test
    @DisplayName("explains less variance of points outside it, and orders its axes by variance")
    void ordered() {
        Features points = cloud(1);

        PrincipalPlane plane = PrincipalPlane.of(points);
        double[][] places = plane.project(points);

        assertThat(plane.explained()).isBetween(0.5, 0.99);
        assertThat(squares(places, 0)).isGreaterThan(squares(places, 1));
    }

    private static double squares(double[][] places, int axis) {
        double sum = 0;
        for (double[] place : places) {
            sum += place[axis] * place[axis];
        }
        return sum;
    }

    @Test
    @DisplayName("does not exist for points on a line")
    void noPlane() {
        assertThatThrownBy(() -> PrincipalPlane.of(Features.of(3, new float[] {1, 2, 3, 2, 4, 6})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the points do not span a plane");
    }
}
