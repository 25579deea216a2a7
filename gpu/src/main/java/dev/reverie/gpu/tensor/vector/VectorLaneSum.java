package dev.reverie.gpu.tensor.vector;

import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds the lanes of a vector by halves, always in the same order. {@link FloatVector#reduceLanes} does not define the
 * order: interpreted and compiled code differ in the last bit, so the outcome of a run would depend on the timing of
 * the JIT compiler.
 */
final class VectorLaneSum {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    /** Rotations that halve vectors wider than those of current x86 processors, before the last four steps. */
    private static final List<VectorShuffle<Float>> WIDER = Stream.iterate(
                    LANES / 2, half -> half > 8, half -> half / 2)
            .map(VectorLaneSum::rotation)
            .toList();

    private VectorLaneSum() {}

    static float of(FloatVector lanes) {
        FloatVector sum = lanes;
        for (VectorShuffle<Float> half : WIDER) {
            sum = sum.add(sum.rearrange(half));
        }
        if (LANES > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (LANES > 2) {
            sum = sum.add(sum.rearrange(BY_2));
        }
        if (LANES > 1) {
            sum = sum.add(sum.rearrange(BY_1));
        }
        return sum.lane(0);
    }

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(SPECIES, lanes, 1, true);
    }
}
