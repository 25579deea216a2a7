package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.VectorKernels.ChannelSums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The four maps of a block's tail on one plane at a time. With {@code m} pixels, {@code s} the inverse standard
 * deviation and {@code hat = s (z - mean)}, instance normalisation has the derivative {@code s P}, where P takes away a
 * plane's mean and its part along hat; every map below is that projection with its sums gathered in a first sweep and
 * applied in a second. One instance serves one call on one thread.
 */
final class PlaneTail {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    private final MemorySegment z;
    private final MemorySegment statistics;
    private final double[] scale;
    private final double[] shift;
    private final double[] scaleDot;
    private final double[] shiftDot;
    private final int planes;
    private final int channels;
    private final int pixels;
    private final Pool pool;
    private final float[] first;
    private final float[] second;

    PlaneTail(Tensor z, Tensor statistics, Affine affine) {
        this(z, statistics, affine, affine);
    }

    PlaneTail(Tensor z, Tensor statistics, Affine affine, Affine affineDot) {
        this.z = z.memory();
        this.statistics = statistics.memory();
        this.channels = z.dimension(1);
        this.planes = z.dimension(0) * channels;
        this.pixels = z.dimension(2) * z.dimension(3);
        this.pool = new Pool(z.dimension(2), z.dimension(3));
        this.scale = values(affine.scale());
        this.shift = values(affine.shift());
        this.scaleDot = values(affineDot.scale());
        this.shiftDot = values(affineDot.shift());
        this.first = new float[pixels + LANES];
        this.second = new float[pixels + LANES];
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        tensor.read(0, values);
        return values;
    }

    int planes() {
        return planes;
    }

    /** Normalises, scales, rectifies and pools plane {@code index} into p, and notes its statistics. */
    void forward(int index, Tensor p) {
        long at = offset(index);
        float mean = sum(at) / pixels;
        float inverse = (float) (1 / Math.sqrt(squares(at, mean) / pixels + Kernels.EPSILON));
        statistics.set(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES, mean);
        statistics.set(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES, inverse);

        int channel = index % channels;
        float slope = (float) (scale[channel] * inverse);
        float intercept = (float) (shift[channel] - mean * scale[channel] * inverse);
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            load(z, at, i, in).mul(slope).add(intercept).max(0).intoArray(first, i, in);
        }
        pool.average(first, p.memory(), index);
    }

    /** Derivative by z from the derivative by p, for plane {@code index}. */
    void backward(int index, Tensor dp, Tensor dz, ChannelSums sums) {
        long at = offset(index);
        Plane plane = new Plane(index);
        pool.spread(dp.memory(), index, first);

        FloatVector sum = ZERO;
        FloatVector sumHat = ZERO;
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector hat = plane.hat(load(z, at, i, in));
            FloatVector da = plane.rectified(hat, FloatVector.fromArray(SPECIES, first, i), in);
            sum = sum.add(da);
            sumHat = da.fma(hat, sumHat);
        }
        float total = LaneSum.of(sum);
        float totalHat = LaneSum.of(sumHat);
        sums.add(plane.channel, totalHat, total);

        float gain = plane.inverse * plane.scale;
        float mean = total / pixels;
        float correlation = totalHat / pixels;
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector hat = plane.hat(load(z, at, i, in));
            FloatVector da = plane.rectified(hat, FloatVector.fromArray(SPECIES, first, i), in);
            store(da.sub(mean).sub(hat.mul(correlation)).mul(gain), dz.memory(), at, i, in);
        }
    }

    /** Change of p from the change of z, for plane {@code index}. */
    void tangent(int index, Tensor zDot, Tensor pDot) {
        long at = offset(index);
        Plane plane = new Plane(index);
        MemorySegment dot = zDot.memory();
        FloatVector sum = ZERO;
        FloatVector sumHat = ZERO;
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector change = load(dot, at, i, in);
            sum = sum.add(change);
            sumHat = change.fma(plane.hat(load(z, at, i, in)), sumHat);
        }
        float mean = LaneSum.of(sum) / pixels;
        float correlation = LaneSum.of(sumHat) / pixels;

        float gain = plane.inverse * plane.scale;
        float byHat = (float) scaleDot[plane.channel];
        float constant = (float) shiftDot[plane.channel];
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector hat = plane.hat(load(z, at, i, in));
            FloatVector change = load(dot, at, i, in).sub(mean).sub(hat.mul(correlation));
            FloatVector activationDot = change.mul(gain).add(hat.mul(byHat)).add(constant);
            plane.rectified(hat, activationDot, in).intoArray(first, i, in);
        }
        pool.average(first, pDot.memory(), index);
    }

    /** Change of dz from the changes of z and of dp, for plane {@code index}. */
    void backwardTangent(int index, Tensor zDot, Tensor dp, Tensor dpDot, Tensor dzDot, ChannelSums sums) {
        long at = offset(index);
        Plane plane = new Plane(index);
        pool.spread(dp.memory(), index, first);
        pool.spread(dpDot.memory(), index, second);
        Sweep sweep = sweep(at, plane, zDot.memory());
        sums.add(plane.channel, sweep.daDotHat + sweep.daHatDot, sweep.daDot);

        float m = pixels;
        float slope = plane.scale;
        float slopeDot = (float) scaleDot[plane.channel];
        float s = plane.inverse;
        float sDot = -s * s * sweep.zDotHat / m;
        float correlation = slope * sweep.daHat / m;
        float correlationDot = (slope * (sweep.daDotHat + sweep.daHatDot) + slopeDot * sweep.daHat) / m;
        float meanDot = (slope * sweep.daDot + slopeDot * sweep.da) / m;
        // sDot P(dHat) + s (dHatDot - mean - hatDot correlation - hat correlationDot), gathered by factor
        float byDa = sDot * slope + s * slopeDot;
        float byDaDot = s * slope;
        float byZDot = -s * s * correlation;
        float byHat = -sDot * correlation - s * correlationDot + s * s * correlation * sweep.zDotHat / m;
        float constant = -sDot * slope * sweep.da / m - s * meanDot + s * s * correlation * sweep.zDot / m;
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector hat = plane.hat(load(z, at, i, in));
            FloatVector fromP = FloatVector.fromArray(SPECIES, first, i)
                    .mul(byDa)
                    .add(FloatVector.fromArray(SPECIES, second, i).mul(byDaDot));
            FloatVector change = load(zDot.memory(), at, i, in).mul(byZDot);
            store(
                    plane.rectified(hat, fromP, in)
                            .add(change)
                            .add(hat.mul(byHat))
                            .add(constant),
                    dzDot.memory(),
                    at,
                    i,
                    in);
        }
    }

    /**
     * The sums over a plane that the tangent of the backward map needs; {@code da} stands in first, daDot in second.
     */
    private Sweep sweep(long at, Plane plane, MemorySegment zDot) {
        FloatVector da = ZERO;
        FloatVector daHat = ZERO;
        FloatVector daDot = ZERO;
        FloatVector daDotHat = ZERO;
        FloatVector change = ZERO;
        FloatVector changeHat = ZERO;
        FloatVector daChange = ZERO;
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector hat = plane.hat(load(z, at, i, in));
            FloatVector d = plane.rectified(hat, FloatVector.fromArray(SPECIES, first, i), in);
            FloatVector dDot = plane.rectified(hat, FloatVector.fromArray(SPECIES, second, i), in);
            FloatVector dot = load(zDot, at, i, in);
            da = da.add(d);
            daHat = d.fma(hat, daHat);
            daDot = daDot.add(dDot);
            daDotHat = dDot.fma(hat, daDotHat);
            change = change.add(dot);
            changeHat = dot.fma(hat, changeHat);
            daChange = d.fma(dot, daChange);
        }
        float daSum = LaneSum.of(da);
        float daHatSum = LaneSum.of(daHat);
        float changeSum = LaneSum.of(change);
        float changeHatSum = LaneSum.of(changeHat);
        // hatDot = s P(zDot), so the sum of da hatDot needs no sweep of its own
        float daHatDot =
                plane.inverse * (LaneSum.of(daChange) - changeSum * daSum / pixels - changeHatSum * daHatSum / pixels);
        return new Sweep(daSum, daHatSum, LaneSum.of(daDot), LaneSum.of(daDotHat), changeSum, changeHatSum, daHatDot);
    }

    private record Sweep(
            float da, float daHat, float daDot, float daDotHat, float zDot, float zDotHat, float daHatDot) {}

    private float sum(long at) {
        FloatVector sum = ZERO;
        for (int i = 0; i < pixels; i += LANES) {
            sum = sum.add(load(z, at, i, SPECIES.indexInRange(i, pixels)));
        }
        return LaneSum.of(sum);
    }

    private float squares(long at, float mean) {
        FloatVector sum = ZERO;
        for (int i = 0; i < pixels; i += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(i, pixels);
            FloatVector centred = load(z, at, i, in).sub(mean, in);
            sum = centred.fma(centred, sum);
        }
        return LaneSum.of(sum);
    }

    private long offset(int index) {
        return (long) index * pixels * Float.BYTES;
    }

    private static FloatVector load(MemorySegment memory, long at, int i, VectorMask<Float> in) {
        return FloatVector.fromMemorySegment(SPECIES, memory, at + (long) i * Float.BYTES, ORDER, in);
    }

    private static void store(FloatVector value, MemorySegment memory, long at, int i, VectorMask<Float> in) {
        value.intoMemorySegment(memory, at + (long) i * Float.BYTES, ORDER, in);
    }

    /** The constants of one plane. */
    private final class Plane {

        final int channel;
        final float inverse;
        final float scale;
        private final float offset;
        private final float shift;

        Plane(int index) {
            this.channel = index % channels;
            float mean = statistics.get(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES);
            this.inverse = statistics.get(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES);
            this.scale = (float) PlaneTail.this.scale[channel];
            this.shift = (float) PlaneTail.this.shift[channel];
            this.offset = -mean * inverse;
        }

        FloatVector hat(FloatVector values) {
            return values.mul(inverse).add(offset);
        }

        /** Keeps {@code value} where the ReLU passes and the plane is not yet over. */
        FloatVector rectified(FloatVector hat, FloatVector value, VectorMask<Float> in) {
            VectorMask<Float> passes =
                    hat.mul(scale).add(shift).compare(VectorOperators.GT, 0).and(in);
            return ZERO.blend(value, passes);
        }
    }
}
