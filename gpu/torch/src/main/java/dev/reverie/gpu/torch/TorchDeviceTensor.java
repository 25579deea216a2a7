package dev.reverie.gpu.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A tensor of libtorch in the memory of a GPU. */
final class TorchDeviceTensor extends dev.reverie.gpu.tensor.Tensor implements TorchValue {

    private final HostTransfer transfer;
    private Tensor value;
    /** A view of the value, which keeps its memory until the view is closed too. */
    private @Nullable TorchDeviceTensor matrix;

    /**
     * Wraps a row-major tensor on any device.
     *
     * @param transfer copies values from the heap and to it
     */
    TorchDeviceTensor(HostTransfer transfer, Tensor value, int... shape) {
        super(shape);
        this.transfer = transfer;
        this.value = value;
    }

    @Override
    public Tensor value() {
        return value;
    }

    /**
     * Takes over the memory of {@code result}, a tensor of the same shape, instead of copying from it. A view that
     * {@link #asMatrix} has returned becomes invalid.
     */
    void become(Tensor result) {
        Tensor rowMajor = result.contiguous();
        rowMajor.retainReference(); // outlives the scope in which it was computed
        close();
        value = rowMajor;
        matrix = null;
    }

    @Override
    public TorchDeviceTensor asMatrix() {
        TorchDeviceTensor known = matrix;
        if (known == null) {
            known = new TorchDeviceTensor(transfer, value.view(dimension(0), columns()), dimension(0), columns());
            matrix = known;
        }
        return known;
    }

    @Override
    public TorchDeviceTensor rows(int from, int count) {
        return new TorchDeviceTensor(transfer, value.narrow(0, from, count), count, dimension(1));
    }

    @Override
    public void read(long offset, double[] target) {
        try (PointerScope _ = new PointerScope()) {
            transfer.read(elements(offset, target.length), new double[][] {target});
        }
    }

    @Override
    public void write(long offset, double[] source) {
        try (PointerScope _ = new PointerScope()) {
            transfer.write(new double[][] {source}, elements(offset, source.length));
        }
    }

    @Override
    public double[][] toRows() {
        double[][] rows = new double[dimension(0)][columns()];
        try (PointerScope _ = new PointerScope()) {
            transfer.read(value.view(-1), rows);
        }
        return rows;
    }

    @Override
    protected void write(long offset, double[][] rows) {
        try (PointerScope _ = new PointerScope()) {
            transfer.write(rows, elements(offset, Math.multiplyExact(rows.length, columns())));
        }
    }

    @Override
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(size())];
        try (PointerScope _ = new PointerScope()) {
            transfer.read(value.view(-1), values);
        }
        return values;
    }

    @Override
    protected void write(float[] values) {
        try (PointerScope _ = new PointerScope()) {
            transfer.write(values, value.view(-1));
        }
    }

    @Override
    public void copyTo(dev.reverie.gpu.tensor.Tensor target, long offset) {
        try (PointerScope _ = new PointerScope()) {
            TorchValue.value(target).view(-1).narrow(0, offset, size()).copy_(value.view(-1));
        }
    }

    @Override
    public void copyRowTo(dev.reverie.gpu.tensor.Tensor target, int from, int to) {
        try (PointerScope _ = new PointerScope()) {
            TorchValue.value(target).select(0, to).copy_(value.select(0, from));
        }
    }

    @Override
    public void fill(double content) {
        TorchValue.fill(value, content);
    }

    @Override
    public void close() {
        if (matrix != null) {
            matrix.close();
        }
        value.close();
    }

    private Tensor elements(long offset, int count) {
        Tensor all = value.view(-1);
        return count == size() ? all : all.narrow(0, offset, count);
    }
}
