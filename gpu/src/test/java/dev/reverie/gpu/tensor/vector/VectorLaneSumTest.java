package dev.reverie.gpu.tensor.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sum of a vector's lanes")
class VectorLaneSumTest {

    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    /** Enough for the JIT to compile the sum long before the last repetition. */
    private static final int ROUNDS = 200_000;

    @Test
    @DisplayName("is the sum of its halves, added recursively")
    void byHalves() {
        float[] values = randomValues();
        float[] folded = values.clone();
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                folded[i] += folded[i + half];
            }
        }

        assertThat(VectorLaneSum.of(vector(values))).isEqualTo(folded[0]);
    }

    @Test
    @DisplayName("has the same bits interpreted and compiled")
    void sameBits() {
        float[] values = randomValues();
        float interpreted = VectorLaneSum.of(vector(values));
        boolean same = true;
        for (int round = 0; round < ROUNDS; round++) {
            same &= VectorLaneSum.of(vector(values)) == interpreted;
        }

        assertThat(same).isTrue();
    }

    private static float[] randomValues() {
        Random random = new Random(3);
        float[] values = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6)));
        }
        return values;
    }

    private static FloatVector vector(float[] values) {
        return FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, values, 0);
    }
}
