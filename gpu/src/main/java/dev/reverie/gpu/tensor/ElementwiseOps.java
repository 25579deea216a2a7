package dev.reverie.gpu.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Elementwise operations on whole tensors, each in one pass over memory. */
final class ElementwiseOps {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private ElementwiseOps() {}

    /** Computes {@code y += x}. */
    static void add(Tensor x, Tensor y) {
        MemorySegment from = x.memory();
        MemorySegment to = y.memory();
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

    /** See {@link Kernels#descend}. */
    static void descend(Tensor p, Tensor v, Tensor g, float rate, float momentum, float decay) {
        int size = Math.toIntExact(p.size());
        int whole = SPECIES.loopBound(size);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, p.memory(), at, ORDER);
            FloatVector velocity = FloatVector.fromMemorySegment(SPECIES, v.memory(), at, ORDER)
                    .mul(momentum)
                    .add(FloatVector.fromMemorySegment(SPECIES, g.memory(), at, ORDER))
                    .add(value.mul(decay));
            velocity.intoMemorySegment(v.memory(), at, ORDER);
            value.sub(velocity.mul(rate)).intoMemorySegment(p.memory(), at, ORDER);
        }
        if (whole < size) {
            VectorMask<Float> rest = SPECIES.indexInRange(whole, size);
            long at = (long) whole * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, p.memory(), at, ORDER, rest);
            FloatVector velocity = FloatVector.fromMemorySegment(SPECIES, v.memory(), at, ORDER, rest)
                    .mul(momentum)
                    .add(FloatVector.fromMemorySegment(SPECIES, g.memory(), at, ORDER, rest))
                    .add(value.mul(decay));
            velocity.intoMemorySegment(v.memory(), at, ORDER, rest);
            value.sub(velocity.mul(rate)).intoMemorySegment(p.memory(), at, ORDER, rest);
        }
    }
}
