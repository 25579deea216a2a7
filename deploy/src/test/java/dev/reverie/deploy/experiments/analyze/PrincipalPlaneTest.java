package dev.reverie.deploy.experiments.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.select.Features;
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

    /**
     * Long along one direction, shorter along another one at a right angle, and as thick as {@code noise} elsewhere.
     */
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
    @DisplayName("keeps the distances of points that lie in it, and explains all their variance")
    void isometric() {
        Features points = cloud(0);

        PrincipalPlane plane = PrincipalPlane.of(points);
        double[][] places = plane.project(points);

        assertThat(plane.explained()).isCloseTo(1, within(ROUNDING));
        double between = Math.hypot(places[0][0] - places[1][0], places[0][1] - places[1][1]);
        double squared = 0;
        for (int j = 0; j < DIMENSION; j++) {
            double way = points.values().get(j) - points.values().get(DIMENSION + j);
            squared += way * way;
        }
        assertThat(between).isCloseTo(Math.sqrt(squared), within(ROUNDING * between));
    }

    @Test
    @DisplayName("explains less of points that leave it, and has the longer axis first")
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
    @DisplayName("is refused for points that span none")
    void noPlane() {
        assertThatThrownBy(() -> PrincipalPlane.of(Features.of(3, new float[] {1, 2, 3, 2, 4, 6})))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
