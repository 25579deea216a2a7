package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.function.DoubleUnaryOperator;

/** The slope of a loss in double precision, by the values at two points. */
final class CentralDifference {

    /** Small enough that no ReLU switches, because differences across a kink do not approximate a derivative. */
    private static final double STEP = 1e-7;

    /** Rounding error of a difference quotient at that step. */
    private static final double RELATIVE = 1e-6;

    private CentralDifference() {}

    /** Returns the slope at 0. */
    static double of(DoubleUnaryOperator loss) {
        double ahead = loss.applyAsDouble(STEP);
        double behind = loss.applyAsDouble(-STEP);
        return (ahead - behind) / (2 * STEP);
    }

    static void assertAlike(double slope, double difference) {
        assertThat(slope).isCloseTo(difference, offset(RELATIVE * Math.abs(difference)));
    }
}
