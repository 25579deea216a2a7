package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The plane of z that a normalisation is working on, in an array that stays in the first-level cache, with the
 * statistics and the affine map of this plane. An instance serves one kernel call on one thread.
 */
final class CurrentPlane {

    private final Tensor z;
    private final MemorySegment statistics;
    private final double[] scales;
    private final double[] shifts;
    private final int channels;
    private final int planes;
    private final int pixels;
    private final float[] values;

    private int channel;
    private float mean;
    private float inverse;

    CurrentPlane(InstanceNorm norm) {
        this.z = norm.z();
        this.statistics = memory(norm.statistics());
        this.scales = norm.affine().scale().toDoubles();
        this.shifts = norm.affine().shift().toDoubles();
        this.channels = z.dimension(1);
        this.planes = z.dimension(0) * channels;
        this.pixels = z.dimension(2) * z.dimension(3);
        this.values = array(Purpose.HAT);
    }

    /** Returns an array of the length of {@link #values}, padded with zeros. */
    float[] array(Purpose purpose) {
        float[] array = ThreadBuffers.ofThread().exactly(purpose, PlaneOps.paddedLength(pixels));
        pad(array, 0);
        return array;
    }

    /** Loads plane {@code index}, computes its statistics and stores them. Leaves the padding undefined. */
    void measure(int index) {
        loadValues(index);
        mean = PlaneOps.sum(values) / pixels;
        pad(values, mean); // adds nothing to the squares, whereas subtracting what zeros add would cancel most digits
        float variance = PlaneOps.squares(values, mean) / pixels;
        inverse = (float) (1 / Math.sqrt(variance + Kernels.EPSILON));
        statistics.set(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES, mean);
        statistics.set(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES, inverse);
    }

    /** Loads plane {@code index}, padded with zeros, and its statistics. */
    void load(int index) {
        loadValues(index);
        mean = statistics.get(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES);
        inverse = statistics.get(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES);
    }

    private void loadValues(int index) {
        channel = index % channels;
        load(z, index, values);
    }

    /** Loads plane {@code index} of a tensor of the shape of z into {@code plane}, padded with zeros. */
    void load(Tensor source, int index, float[] plane) {
        MemorySegment.copy(memory(source), ValueLayout.JAVA_FLOAT, offset(index), plane, 0, pixels);
        pad(plane, 0);
    }

    /** Stores {@code plane} as plane {@code index} of a tensor of the shape of z. */
    void store(float[] plane, Tensor target, int index) {
        MemorySegment.copy(plane, 0, memory(target), ValueLayout.JAVA_FLOAT, offset(index), pixels);
    }

    private long offset(int index) {
        return (long) index * pixels * Float.BYTES;
    }

    private void pad(float[] plane, float value) {
        Arrays.fill(plane, pixels, plane.length, value);
    }

    /** The values of the plane and its padding, which a pass may overwrite. */
    float[] values() {
        return values;
    }

    int planes() {
        return planes;
    }

    int pixels() {
        return pixels;
    }

    int channel() {
        return channel;
    }

    float mean() {
        return mean;
    }

    float inverse() {
        return inverse;
    }

    float scale() {
        return (float) scales[channel];
    }

    float shift() {
        return (float) shifts[channel];
    }
}
