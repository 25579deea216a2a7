package dev.reverie.gpu.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A dense, row-major array in off-heap memory, which its owner frees with {@link #close()}. Mutable and not thread
 * safe; only numerical code uses it. Values are copied to and from the heap in blocks, as double values, whatever the
 * precision of the tensor.
 */
public final class Tensor implements AutoCloseable {

    private final int[] shape;
    private final Precision precision;
    private final INDArray array;
    private final MemorySegment memory;

    @SuppressWarnings("restricted") // Reverie's kernels work on memory that ND4J allocated
    private Tensor(Precision precision, INDArray array, int... shape) {
        this.shape = shape.clone();
        this.precision = precision;
        this.array = array;
        this.memory = MemorySegment.ofAddress(array.data().addressPointer().address())
                .reinterpret(size() * array.data().getElementSize());
    }

    static Tensor allocate(Precision precision, int... shape) {
        DataType type = precision == Precision.SINGLE ? DataType.FLOAT : DataType.DOUBLE;
        long[] lengths = Arrays.stream(shape).asLongStream().toArray();
        return new Tensor(precision, Nd4j.createUninitializedDetached(type, 'c', lengths), shape);
    }

    /**
     * Wraps an ND4J array and shares its memory, for use in graphs.
     *
     * @param array array of single or double precision, contiguous in memory
     */
    public static Tensor over(INDArray array) {
        int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        return new Tensor(array.dataType() == DataType.DOUBLE ? Precision.DOUBLE : Precision.SINGLE, array, shape);
    }

    /** Returns a view of the same memory as a matrix, with one row per index of the first dimension. */
    public Tensor asMatrix() {
        int columns = Math.toIntExact(size() / shape[0]);
        return new Tensor(precision, array.reshape(shape[0], columns), shape[0], columns);
    }

    /** Number of axes. */
    public int rank() {
        return shape.length;
    }

    /** Length of dimension {@code axis}. */
    public int dimension(int axis) {
        return shape[axis];
    }

    int[] shape() {
        return shape;
    }

    /** Number of elements. */
    public long size() {
        long size = 1;
        for (int length : shape) {
            size *= length;
        }
        return size;
    }

    /** Copies {@code target.length} elements, from flat position {@code offset} on, to {@code target}. */
    public void read(long offset, double[] target) {
        beforeHostAccess();
        if (precision == Precision.DOUBLE) {
            MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE, offset * Double.BYTES, target, 0, target.length);
            return;
        }
        float[] narrow = new float[target.length];
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, offset * Float.BYTES, narrow, 0, narrow.length);
        for (int i = 0; i < narrow.length; i++) {
            target[i] = narrow[i];
        }
    }

    /** Overwrites {@code source.length} elements, from flat position {@code offset} on, with {@code source}. */
    public void write(long offset, double[] source) {
        if (precision == Precision.DOUBLE) {
            MemorySegment.copy(source, 0, memory, ValueLayout.JAVA_DOUBLE, offset * Double.BYTES, source.length);
        } else {
            float[] narrow = new float[source.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) source[i];
            }
            MemorySegment.copy(narrow, 0, memory, ValueLayout.JAVA_FLOAT, offset * Float.BYTES, narrow.length);
        }
        afterHostAccess();
    }

    /** Copies all elements to {@code target}, from flat position {@code offset} of the target on. */
    public void copyTo(Tensor target, long offset) {
        long bytes = memory.byteSize();
        beforeHostAccess();
        MemorySegment.copy(memory, 0, target.memory, offset * (bytes / size()), bytes);
        target.afterHostAccess();
    }

    /** Copies row {@code from} of this matrix to row {@code to} of another matrix with the same number of columns. */
    public void copyRowTo(Tensor target, int from, int to) {
        long bytes = memory.byteSize() / shape[0];
        beforeHostAccess();
        MemorySegment.copy(memory, from * bytes, target.memory, to * bytes, bytes);
        target.afterHostAccess();
    }

    /** Returns a view of {@code count} rows of this matrix, from row {@code from} on. */
    public Tensor rows(int from, int count) {
        return new Tensor(
                precision,
                array.get(NDArrayIndex.interval(from, (long) from + count), NDArrayIndex.all()),
                count,
                shape[1]);
    }

    /** Copies all elements to an array of floats, for a checkpoint. */
    public float[] toFloats() {
        double[] values = new double[Math.toIntExact(size())];
        read(0, values);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Overwrites all elements. */
    public void setFloats(float[] values) {
        if (values.length != size()) {
            throw new IllegalArgumentException(
                    "a tensor of " + this + " takes " + size() + " values, got " + values.length);
        }
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        write(0, wide);
    }

    /** Sets every element to {@code value}. */
    public void fill(double value) {
        array.assign(value);
    }

    /** Frees the memory at once. */
    @Override
    public void close() {
        if (array.closeable()) {
            array.close();
        }
    }

    /** Returns the shape, for example {@code [16, 128, 32, 32]}. */
    @Override
    public String toString() {
        return Arrays.toString(shape);
    }

    INDArray array() {
        return array;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Updates the host's copy, which can be stale on a device other than the CPU; does nothing on the CPU. */
    private void beforeHostAccess() {
        Nd4j.getAffinityManager().ensureLocation(array, org.nd4j.linalg.api.concurrency.AffinityManager.Location.HOST);
    }

    private void afterHostAccess() {
        Nd4j.getAffinityManager().tagLocation(array, org.nd4j.linalg.api.concurrency.AffinityManager.Location.HOST);
    }
}
