package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.Moments;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Elementwise operations on whole tensors, each in one pass over memory. */
final class ElementwiseOps {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private ElementwiseOps() {}

    /** Computes {@code y += x}. */
    static void add(Tensor x, Tensor y) {
        MemorySegment from = memory(x);
        MemorySegment to = memory(y);
        int size = Math.toIntExact(x.size());
        int whole = SPECIES.loopBound(size);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, to, at, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, from, at, ORDER))
                    .intoMemorySegment(to, at, ORDER);
        }
        if (whole < size) {
            VectorMask<Float> rest = SPECIES.indexInRange(whole, size);
            long at = (long) whole * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, to, at, ORDER, rest)
                    .add(FloatVector.fromMemorySegment(SPECIES, from, at, ORDER, rest))
                    .intoMemorySegment(to, at, ORDER, rest);
        }
    }

    /** See {@link Kernels#addAndRectify}. */
    static void addAndRectify(Tensor x, Tensor y) {
        MemorySegment from = memory(x);
        MemorySegment to = memory(y);
        int size = Math.toIntExact(x.size());
        for (int i = 0; i < size; i += LANES) {
            VectorMask<Float> inside = SPECIES.indexInRange(i, size);
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, to, at, ORDER, inside)
                    .add(FloatVector.fromMemorySegment(SPECIES, from, at, ORDER, inside))
                    .max(0)
                    .intoMemorySegment(to, at, ORDER, inside);
        }
    }

    /** See {@link Kernels#rectifyGradient}. */
    static void rectifyGradient(Tensor y, Tensor dy) {
        MemorySegment gate = memory(y);
        MemorySegment to = memory(dy);
        int size = Math.toIntExact(y.size());
        for (int i = 0; i < size; i += LANES) {
            VectorMask<Float> inside = SPECIES.indexInRange(i, size);
            long at = (long) i * Float.BYTES;
            VectorMask<Float> closed = FloatVector.fromMemorySegment(SPECIES, gate, at, ORDER, inside)
                    .compare(VectorOperators.LE, 0);
            FloatVector.fromMemorySegment(SPECIES, to, at, ORDER, inside)
                    .blend(0, closed)
                    .intoMemorySegment(to, at, ORDER, inside);
        }
    }

    /** See {@link Kernels#descend}. */
    static void descend(Tensor p, Tensor v, Tensor g, Sgd sgd) {
        float rate = (float) sgd.rate();
        float momentum = (float) sgd.momentum();
        float decay = (float) sgd.decay();
        int size = Math.toIntExact(p.size());
        int whole = SPECIES.loopBound(size);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, memory(p), at, ORDER);
            FloatVector velocity = FloatVector.fromMemorySegment(SPECIES, memory(v), at, ORDER)
                    .mul(momentum)
                    .add(FloatVector.fromMemorySegment(SPECIES, memory(g), at, ORDER))
                    .add(value.mul(decay));
            velocity.intoMemorySegment(memory(v), at, ORDER);
            value.sub(velocity.mul(rate)).intoMemorySegment(memory(p), at, ORDER);
        }
        if (whole < size) {
            VectorMask<Float> rest = SPECIES.indexInRange(whole, size);
            long at = (long) whole * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, memory(p), at, ORDER, rest);
            FloatVector velocity = FloatVector.fromMemorySegment(SPECIES, memory(v), at, ORDER, rest)
                    .mul(momentum)
                    .add(FloatVector.fromMemorySegment(SPECIES, memory(g), at, ORDER, rest))
                    .add(value.mul(decay));
            velocity.intoMemorySegment(memory(v), at, ORDER, rest);
            value.sub(velocity.mul(rate)).intoMemorySegment(memory(p), at, ORDER, rest);
        }
    }

    /** See {@link Kernels#addMomentsGradient}. */
    static void addMomentsGradient(InstanceNorm norm, Moments byMoments, Tensor dz) {
        Tensor z = norm.z();
        int channels = z.dimension(1);
        int pixels = z.dimension(2) * z.dimension(3);
        double[] byMean = byMoments.mean().toDoubles();
        double[] byDeviation = byMoments.deviation().toDoubles();
        double[] ofPlane = new double[2];
        for (int plane = 0; plane < z.dimension(0) * channels; plane++) {
            norm.statistics().read(2L * plane, ofPlane);
            double slope = byDeviation[plane % channels] * ofPlane[1] / pixels;
            double offset = byMean[plane % channels] / pixels - slope * ofPlane[0];
            addScaled(z, (float) slope, (float) offset, plane * pixels, pixels, dz);
        }
    }

    /** Adds {@code a x + b} to y, for {@code count} elements from {@code start} on. */
    private static void addScaled(Tensor x, float a, float b, int start, int count, Tensor y) {
        int end = start + count;
        int whole = start + SPECIES.loopBound(count);
        for (int i = start; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, memory(x), at, ORDER)
                    .mul(a)
                    .add(b)
                    .add(FloatVector.fromMemorySegment(SPECIES, memory(y), at, ORDER))
                    .intoMemorySegment(memory(y), at, ORDER);
        }
        if (whole < end) {
            VectorMask<Float> rest = SPECIES.indexInRange(whole, end);
            long at = (long) whole * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, memory(x), at, ORDER, rest)
                    .mul(a)
                    .add(b)
                    .add(FloatVector.fromMemorySegment(SPECIES, memory(y), at, ORDER, rest))
                    .intoMemorySegment(memory(y), at, ORDER, rest);
        }
    }
}
