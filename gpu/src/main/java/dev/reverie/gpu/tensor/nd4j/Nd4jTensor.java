package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A tensor that shares its memory with an array of ND4J. */
public final class Nd4jTensor extends Tensor {

    private final Precision precision;
    private final INDArray array;
    private final MemorySegment memory;

    @SuppressWarnings("restricted") // Reverie's kernels work on memory that ND4J allocated
    private Nd4jTensor(Precision precision, INDArray array, int... shape) {
        super(shape);
        this.precision = precision;
        this.array = array;
        this.memory = MemorySegment.ofAddress(array.data().addressPointer().address())
                .reinterpret(size() * array.data().getElementSize());
    }

    static Nd4jTensor allocate(Precision precision, int... shape) {
        DataType type = precision == Precision.SINGLE ? DataType.FLOAT : DataType.DOUBLE;
        long[] lengths = Arrays.stream(shape).asLongStream().toArray();
        return new Nd4jTensor(precision, Nd4j.createUninitializedDetached(type, 'c', lengths), shape);
    }

    /**
     * Wraps an ND4J array and shares its memory, for use in graphs.
     *
     * @param array array of single or double precision, contiguous in memory
     */
    public static Nd4jTensor over(INDArray array) {
        int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        return new Nd4jTensor(array.dataType() == DataType.DOUBLE ? Precision.DOUBLE : Precision.SINGLE, array, shape);
    }

    @Override
    public Tensor asMatrix() {
        int columns = Math.toIntExact(size() / dimension(0));
        return new Nd4jTensor(precision, array.reshape(dimension(0), columns), dimension(0), columns);
    }

    @Override
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

    @Override
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

    @Override
    public void copyTo(Tensor target, long offset) {
        Nd4jTensor to = (Nd4jTensor) target;
        long bytes = memory.byteSize();
        beforeHostAccess();
        MemorySegment.copy(memory, 0, to.memory, offset * (bytes / size()), bytes);
        to.afterHostAccess();
    }

    @Override
    public void copyRowTo(Tensor target, int from, int row) {
        Nd4jTensor to = (Nd4jTensor) target;
        long bytes = memory.byteSize() / dimension(0);
        beforeHostAccess();
        MemorySegment.copy(memory, from * bytes, to.memory, row * bytes, bytes);
        to.afterHostAccess();
    }

    @Override
    public Tensor rows(int from, int count) {
        return new Nd4jTensor(
                precision,
                array.get(NDArrayIndex.interval(from, (long) from + count), NDArrayIndex.all()),
                count,
                dimension(1));
    }

    @Override
    public void fill(double value) {
        array.assign(value);
    }

    @Override
    public void close() {
        if (array.closeable()) {
            array.close();
        }
    }

    /** The array of a tensor that these kernels allocated. */
    static INDArray array(Tensor tensor) {
        return ((Nd4jTensor) tensor).array;
    }

    /** The memory of a tensor that these kernels allocated. */
    static MemorySegment memory(Tensor tensor) {
        return ((Nd4jTensor) tensor).memory;
    }

    /** Updates the host's copy, which can be stale on a device other than the CPU; does nothing on the CPU. */
    private void beforeHostAccess() {
        Nd4j.getAffinityManager().ensureLocation(array, org.nd4j.linalg.api.concurrency.AffinityManager.Location.HOST);
    }

    private void afterHostAccess() {
        Nd4j.getAffinityManager().tagLocation(array, org.nd4j.linalg.api.concurrency.AffinityManager.Location.HOST);
    }
}
