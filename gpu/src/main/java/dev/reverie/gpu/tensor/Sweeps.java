package dev.reverie.gpu.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementwise work on a plane that lies in the first-level cache. Every length is a multiple of {@link #STEP}; a
 * shorter plane is padded with zeros. Each sweep is a method of its own, small enough that the compiler keeps its
 * vectors in registers.
 */
final class Sweeps {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Two vectors: as many sums run side by side, so that one need not wait for the other. */
    static final int STEP = 2 * LANES;

    private Sweeps() {}

    /** The smallest length that holds {@code values} and is a multiple of {@link #STEP}. */
    static int paddedLength(int values) {
        return Math.ceilDiv(values, STEP) * STEP;
    }

    static float sum(float[] x) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        for (int i = 0; i < x.length; i += STEP) {
            even = FloatVector.fromArray(SPECIES, x, i).add(even);
            odd = FloatVector.fromArray(SPECIES, x, i + LANES).add(odd);
        }
        return LaneSum.of(even.add(odd));
    }

    /** Inner product. */
    static float product(float[] x, float[] y) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        for (int i = 0; i < x.length; i += STEP) {
            even = FloatVector.fromArray(SPECIES, x, i).fma(FloatVector.fromArray(SPECIES, y, i), even);
            odd = FloatVector.fromArray(SPECIES, x, i + LANES).fma(FloatVector.fromArray(SPECIES, y, i + LANES), odd);
        }
        return LaneSum.of(even.add(odd));
    }

    /** Sum of the squared distances from {@code mean}, padding included. */
    static float squares(float[] x, float mean) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        for (int i = 0; i < x.length; i += STEP) {
            FloatVector left = FloatVector.fromArray(SPECIES, x, i).sub(mean);
            FloatVector right = FloatVector.fromArray(SPECIES, x, i + LANES).sub(mean);
            even = left.fma(left, even);
            odd = right.fma(right, odd);
        }
        return LaneSum.of(even.add(odd));
    }

    /** {@code x = a (x - mean)}. */
    static void normalise(float[] x, float mean, float a) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).sub(mean).mul(a).intoArray(x, i);
        }
    }

    /** {@code y = max(a x + b, 0)}. */
    static void rectify(float[] x, float a, float b, float[] y) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).mul(a).add(b).max(0).intoArray(y, i);
        }
    }

    /** Sets y to zero where {@code a x + b} is not positive. */
    static void gate(float[] x, float a, float b, float[] y) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector activation = FloatVector.fromArray(SPECIES, x, i).mul(a).add(b);
            FloatVector.fromArray(SPECIES, y, i)
                    .blend(0, activation.compare(VectorOperators.LE, 0))
                    .intoArray(y, i);
        }
    }

    /** {@code out = a x + b y + c}. */
    static void combine(float[] x, float a, float[] y, float b, float c, float[] out) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i)
                    .mul(a)
                    .add(FloatVector.fromArray(SPECIES, y, i).mul(b))
                    .add(c)
                    .intoArray(out, i);
        }
    }

    /** {@code out += a x + b y}. */
    static void addCombined(float[] x, float a, float[] y, float b, float[] out) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i)
                    .mul(a)
                    .add(FloatVector.fromArray(SPECIES, y, i).mul(b))
                    .add(FloatVector.fromArray(SPECIES, out, i))
                    .intoArray(out, i);
        }
    }
}
