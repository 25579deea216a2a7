package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.HostTensor;
import dev.reverie.gpu.tensor.Kernels.Precision;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A tensor of libtorch in the memory of the host. */
final class TorchHostTensor extends HostTensor implements TorchValue {

    private final Tensor value;
    /** A view of the value, which keeps its memory until the view is closed too. */
    private @Nullable TorchHostTensor matrix;

    /** Wraps a row-major tensor on the CPU. */
    TorchHostTensor(Precision precision, Tensor value, int... shape) {
        super(precision, value.data_ptr().address(), shape);
        this.value = value;
    }

    @Override
    public Tensor value() {
        return value;
    }

    @Override
    public TorchHostTensor asMatrix() {
        TorchHostTensor known = matrix;
        if (known == null) {
            known = new TorchHostTensor(precision(), value.view(dimension(0), columns()), dimension(0), columns());
            matrix = known;
        }
        return known;
    }

    @Override
    public TorchHostTensor rows(int from, int count) {
        return new TorchHostTensor(precision(), value.narrow(0, from, count), count, dimension(1));
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
}
