package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.tensor.HostTensor;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A tensor that shares its memory with an array of ND4J. */
public final class Nd4jTensor extends HostTensor {

    private final INDArray array;

    private Nd4jTensor(Precision precision, INDArray array, int... shape) {
        super(precision, array.data().addressPointer().address(), shape);
        this.array = array;
    }

    static Nd4jTensor allocate(Precision precision, int... shape) {
        DataType type = precision == Precision.SINGLE ? DataType.FLOAT : DataType.DOUBLE;
        long[] lengths = Arrays.stream(shape).asLongStream().toArray();
        return new Nd4jTensor(precision, Nd4j.createUninitializedDetached(type, 'c', lengths), shape);
    }

    /** Wraps an ND4J array, contiguous and of single or double precision, and shares its memory, for use in graphs. */
    public static Nd4jTensor over(INDArray array) {
        int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        return new Nd4jTensor(array.dataType() == DataType.DOUBLE ? Precision.DOUBLE : Precision.SINGLE, array, shape);
    }

    @Override
    public Tensor asMatrix() {
        return new Nd4jTensor(precision(), array.reshape(dimension(0), columns()), dimension(0), columns());
    }

    @Override
    public Tensor rows(int from, int count) {
        return new Nd4jTensor(
                precision(),
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

    /** Updates the host's copy, which can be stale on a device other than the CPU; does nothing on the CPU. */
    @Override
    protected void beforeHostRead() {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
    }

    @Override
    protected void afterHostWrite() {
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }
}
