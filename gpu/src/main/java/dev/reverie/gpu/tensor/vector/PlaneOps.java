package dev.reverie.gpu.tensor.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementwise operations and sums for a plane in the first-level cache. Every length is a multiple of {@link #STEP}; a
 * shorter plane is padded, with zeros unless a method says otherwise. Each sweep is a separate method, small enough for
 * the compiler to keep its vectors in registers.
 */
final class PlaneOps {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Number of values in two vectors: two partial sums run in parallel, so that neither waits for the other. */
    static final int STEP = 2 * LANES;

    private PlaneOps() {}

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
        return VectorLaneSum.of(even.add(odd));
    }

    /** Computes the sum of the squared differences from {@code mean}, with which a plane must be padded. */
    static float squares(float[] x, float mean) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        for (int i = 0; i < x.length; i += STEP) {
            FloatVector left = FloatVector.fromArray(SPECIES, x, i).sub(mean);
            FloatVector right = FloatVector.fromArray(SPECIES, x, i + LANES).sub(mean);
            even = left.fma(left, even);
            odd = right.fma(right, odd);
        }
        return VectorLaneSum.of(even.add(odd));
    }

    /** Computes {@code y = max(a x + b, 0)}. */
    static void rectify(float[] x, float a, float b, float[] y) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).mul(a).add(b).max(0).intoArray(y, i);
        }
    }

    /** Computes {@code y = a x + b}. */
    static void scale(float[] x, float a, float b, float[] y) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).mul(a).add(b).intoArray(y, i);
        }
    }

    /**
     * Replaces x with {@code inverse (x - mean)}; stores the sum of y, and the inner product of y and the new x, in
     * {@code sums}.
     */
    static void normalise(float[] x, float mean, float inverse, float[] y, float[] sums) {
        FloatVector evenSum = FloatVector.zero(SPECIES);
        FloatVector oddSum = evenSum;
        FloatVector evenProduct = evenSum;
        FloatVector oddProduct = evenSum;
        for (int i = 0; i < x.length; i += STEP) {
            FloatVector even = FloatVector.fromArray(SPECIES, x, i).sub(mean).mul(inverse);
            FloatVector odd =
                    FloatVector.fromArray(SPECIES, x, i + LANES).sub(mean).mul(inverse);
            FloatVector evenY = FloatVector.fromArray(SPECIES, y, i);
            FloatVector oddY = FloatVector.fromArray(SPECIES, y, i + LANES);
            even.intoArray(x, i);
            odd.intoArray(x, i + LANES);
            evenSum = evenY.add(evenSum);
            oddSum = oddY.add(oddSum);
            evenProduct = evenY.fma(even, evenProduct);
            oddProduct = oddY.fma(odd, oddProduct);
        }
        sums[0] = VectorLaneSum.of(evenSum.add(oddSum));
        sums[1] = VectorLaneSum.of(evenProduct.add(oddProduct));
    }

    /**
     * Sets y to zero where {@code scale x + shift} is not positive; stores the sum of the new y, and the inner product
     * of the new y and x, in {@code sums}.
     */
    static void gate(float[] x, float scale, float shift, float[] y, float[] sums) {
        FloatVector evenSum = FloatVector.zero(SPECIES);
        FloatVector oddSum = evenSum;
        FloatVector evenProduct = evenSum;
        FloatVector oddProduct = evenSum;
        for (int i = 0; i < x.length; i += STEP) {
            FloatVector even = FloatVector.fromArray(SPECIES, x, i);
            FloatVector odd = FloatVector.fromArray(SPECIES, x, i + LANES);
            FloatVector evenY = gated(even, scale, shift, FloatVector.fromArray(SPECIES, y, i));
            FloatVector oddY = gated(odd, scale, shift, FloatVector.fromArray(SPECIES, y, i + LANES));
            evenY.intoArray(y, i);
            oddY.intoArray(y, i + LANES);
            evenSum = evenY.add(evenSum);
            oddSum = oddY.add(oddSum);
            evenProduct = evenY.fma(even, evenProduct);
            oddProduct = oddY.fma(odd, oddProduct);
        }
        sums[0] = VectorLaneSum.of(evenSum.add(oddSum));
        sums[1] = VectorLaneSum.of(evenProduct.add(oddProduct));
    }

    /** Performs {@link #normalise} without sums, then {@link #gate}, in one sweep. */
    static void normaliseAndGate(
            float[] x, float mean, float inverse, float scale, float shift, float[] y, float[] sums) {
        FloatVector evenSum = FloatVector.zero(SPECIES);
        FloatVector oddSum = evenSum;
        FloatVector evenProduct = evenSum;
        FloatVector oddProduct = evenSum;
        for (int i = 0; i < x.length; i += STEP) {
            FloatVector even = FloatVector.fromArray(SPECIES, x, i).sub(mean).mul(inverse);
            FloatVector odd =
                    FloatVector.fromArray(SPECIES, x, i + LANES).sub(mean).mul(inverse);
            FloatVector evenY = gated(even, scale, shift, FloatVector.fromArray(SPECIES, y, i));
            FloatVector oddY = gated(odd, scale, shift, FloatVector.fromArray(SPECIES, y, i + LANES));
            even.intoArray(x, i);
            odd.intoArray(x, i + LANES);
            evenY.intoArray(y, i);
            oddY.intoArray(y, i + LANES);
            evenSum = evenY.add(evenSum);
            oddSum = oddY.add(oddSum);
            evenProduct = evenY.fma(even, evenProduct);
            oddProduct = oddY.fma(odd, oddProduct);
        }
        sums[0] = VectorLaneSum.of(evenSum.add(oddSum));
        sums[1] = VectorLaneSum.of(evenProduct.add(oddProduct));
    }

    private static FloatVector gated(FloatVector x, float scale, float shift, FloatVector y) {
        return y.blend(0, x.mul(scale).add(shift).compare(VectorOperators.LE, 0));
    }

    static float product(float[] x, float[] y) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        for (int i = 0; i < x.length; i += STEP) {
            even = FloatVector.fromArray(SPECIES, x, i).fma(FloatVector.fromArray(SPECIES, y, i), even);
            odd = FloatVector.fromArray(SPECIES, x, i + LANES).fma(FloatVector.fromArray(SPECIES, y, i + LANES), odd);
        }
        return VectorLaneSum.of(even.add(odd));
    }

    /** Computes {@code out = a x + b y + c}. */
    static void combine(float[] x, float a, float[] y, float b, float c, float[] out) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i)
                    .mul(a)
                    .add(FloatVector.fromArray(SPECIES, y, i).mul(b))
                    .add(c)
                    .intoArray(out, i);
        }
    }

    /** Replaces x with {@code a x + b y + c} where {@code scale y + shift} is positive, and with zero elsewhere. */
    static void combineAndGate(float[] x, float a, float[] y, float b, float c, float scale, float shift) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector gate = FloatVector.fromArray(SPECIES, y, i);
            FloatVector sum =
                    FloatVector.fromArray(SPECIES, x, i).mul(a).add(gate.mul(b)).add(c);
            gated(gate, scale, shift, sum).intoArray(x, i);
        }
    }

    /** Computes {@code out += a x + b y}. */
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
