package dev.reverie.gpu.torch;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of libtorch in the memory of a GPU. Its elements are in row-major order, except those of images and of the
 * weights of convolutions while only kernels use them: in these, the channels of a pixel are next to each other, as
 * tensor cores read them. Several threads can read a tensor, although reading can change the order. Writing all
 * elements changes neither their order nor their memory, because recorded kernels know both.
 */
final class TorchDeviceTensor extends dev.reverie.gpu.tensor.Tensor implements TorchValue {

    private static final int IMAGE_DIMENSIONS = 4;

    private final HostTransfer transfer;
    private Tensor value;
    private boolean channelsLast;
    /** A view of the value, which keeps its memory until the view is closed too. */
    private @Nullable TorchDeviceTensor matrix;

    /** Wraps a row-major tensor on any device. */
    TorchDeviceTensor(HostTransfer transfer, Tensor value, int... shape) {
        super(shape);
        this.transfer = transfer;
        this.value = value;
    }

    @Override
    public synchronized Tensor value() {
        return value;
    }

    /**
     * Takes over the memory of {@code result}, a tensor of the same shape, instead of copying from it. A view that
     * {@link #asMatrix} has returned becomes invalid.
     */
    synchronized void become(Tensor result) {
        channelsLast = !result.is_contiguous() && result.dim() == IMAGE_DIMENSIONS;
        Tensor ordered = channelsLast ? result.contiguous(torch.MemoryFormat.ChannelsLast) : result.contiguous();
        ordered.retainReference(); // outlives the scope in which it was computed
        close();
        value = ordered;
        matrix = null;
    }

    /** Images with the channels of a pixel next to each other. A view of {@link #asMatrix} becomes invalid. */
    @Override
    public Tensor images() {
        return inOrder(true, () -> value.contiguous(torch.MemoryFormat.ChannelsLast));
    }

    /** Images as {@link #images()} returns them, with undefined content. */
    Tensor imagesToWrite() {
        return inOrder(true, () -> value.view(dimension(0), dimension(2), dimension(3), dimension(1))
                .permute(0, 3, 1, 2));
    }

    /** The elements in row-major order. */
    private Tensor rowMajor() {
        return inOrder(false, () -> value.contiguous());
    }

    private synchronized Tensor inOrder(boolean last, Supplier<Tensor> reordered) {
        if (channelsLast != last) {
            try (PointerScope _ = new PointerScope()) {
                become(reordered.get());
            }
            channelsLast = last; // an image of one channel, or of one pixel, is in both orders
        }
        return value;
    }

    /** The elements as one row; the caller opens the scope that frees a copy. */
    private synchronized Tensor flat() {
        return value.contiguous().view(-1);
    }

    @Override
    public synchronized TorchDeviceTensor asMatrix() {
        TorchDeviceTensor known = matrix;
        if (known == null) {
            known = new TorchDeviceTensor(transfer, rowMajor().view(dimension(0), columns()), dimension(0), columns());
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
            Tensor all = flat();
            Tensor read = target.length == size() ? all : all.narrow(0, offset, target.length);
            transfer.read(read, new double[][] {target});
        }
    }

    @Override
    public void write(long offset, double[] source) {
        try (PointerScope _ = new PointerScope()) {
            write(offset, source.length, target -> transfer.write(new double[][] {source}, target));
        }
    }

    @Override
    public double[][] toRows() {
        double[][] rows = new double[dimension(0)][columns()];
        try (PointerScope _ = new PointerScope()) {
            transfer.read(flat(), rows);
        }
        return rows;
    }

    @Override
    protected void write(long offset, double[][] rows) {
        try (PointerScope _ = new PointerScope()) {
            write(offset, Math.multiplyExact(rows.length, columns()), target -> transfer.write(rows, target));
        }
    }

    @Override
    protected void writeLevels(long offset, List<ByteBuffer> rows) {
        try (PointerScope _ = new PointerScope()) {
            write(offset, Math.multiplyExact(rows.size(), columns()), target -> transfer.writeLevels(rows, target));
        }
    }

    @Override
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(size())];
        try (PointerScope _ = new PointerScope()) {
            transfer.read(flat(), values);
        }
        return values;
    }

    @Override
    protected void write(float[] values) {
        try (PointerScope _ = new PointerScope()) {
            write(0, values.length, target -> transfer.write(values, target));
        }
    }

    @Override
    public void copyTo(dev.reverie.gpu.tensor.Tensor target, long offset) {
        try (PointerScope _ = new PointerScope()) {
            Tensor to = TorchValue.value(target);
            if (target.size() == size() && target.rank() == rank()) {
                to.copy_(value);
            } else {
                to.view(-1).narrow(0, offset, size()).copy_(flat());
            }
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

    /** Writes consecutive elements in row-major order; the caller opens the scope that frees temporaries. */
    private synchronized void write(long offset, int count, Consumer<Tensor> writer) {
        if (count < size()) {
            writer.accept(rowMajor().view(-1).narrow(0, offset, count));
        } else if (channelsLast) {
            Tensor rowMajor = torch.empty(value.sizes(), value.options(), new MemoryFormatOptional());
            writer.accept(rowMajor.view(-1));
            value.copy_(rowMajor);
        } else {
            writer.accept(value.view(-1));
        }
    }
}
