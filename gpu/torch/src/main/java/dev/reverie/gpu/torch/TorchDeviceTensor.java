package dev.reverie.gpu.torch;

import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of libtorch in the memory of a GPU. Its elements are in row-major order, except those of images while only
 * kernels use them: in these, the channels of a pixel are next to each other, as tensor cores read them.
 */
final class TorchDeviceTensor extends dev.reverie.gpu.tensor.Tensor implements TorchValue {

    private static final int IMAGE_DIMENSIONS = 4;

    private final HostTransfer transfer;
    private Tensor value;
    private boolean channelsLast;
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
        if (!channelsLast) {
            try (PointerScope _ = new PointerScope()) {
                become(value.contiguous(torch.MemoryFormat.ChannelsLast));
            }
            channelsLast = true; // an image of one channel, or of one pixel, is in both orders
        }
        return value;
    }

    /** Images as {@link #images()} returns them, with undefined content. */
    Tensor imagesToWrite() {
        if (!channelsLast) {
            try (PointerScope _ = new PointerScope()) {
                become(value.view(dimension(0), dimension(2), dimension(3), dimension(1))
                        .permute(0, 3, 1, 2));
            }
            channelsLast = true;
        }
        return value;
    }

    /**
     * The elements in row-major order. They stay in it, so that a view of them is valid until a kernel computes images.
     */
    @Override
    public Tensor rowMajor() {
        if (channelsLast) {
            try (PointerScope _ = new PointerScope()) {
                become(value.contiguous());
            }
        }
        return value;
    }

    @Override
    public TorchDeviceTensor asMatrix() {
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
            transfer.read(rowMajor().view(-1), rows);
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
    protected void writeLevels(long offset, List<ByteBuffer> rows) {
        try (PointerScope _ = new PointerScope()) {
            transfer.writeLevels(rows, elements(offset, Math.multiplyExact(rows.size(), columns())));
        }
    }

    @Override
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(size())];
        try (PointerScope _ = new PointerScope()) {
            transfer.read(rowMajor().view(-1), values);
        }
        return values;
    }

    @Override
    protected void write(float[] values) {
        try (PointerScope _ = new PointerScope()) {
            transfer.write(values, rowMajor().view(-1));
        }
    }

    @Override
    public void copyTo(dev.reverie.gpu.tensor.Tensor target, long offset) {
        try (PointerScope _ = new PointerScope()) {
            ((TorchDeviceTensor) target)
                    .rowMajor()
                    .view(-1)
                    .narrow(0, offset, size())
                    .copy_(rowMajor().view(-1));
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
        Tensor all = rowMajor().view(-1);
        return count == size() ? all : all.narrow(0, offset, count);
    }
}
