package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.Kernels.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Copies values between the heap and the memory of a device. A GPU copies from page-locked memory several times as fast
 * as from other memory, and while the host goes on; libtorch keeps such memory until the GPU has read it, and uses it
 * again. The rows of large arrays are converted by several threads, because the GPU waits for them.
 *
 * <p>Thread safe.
 */
final class HostTransfer {

    /** The fewest elements for which other threads are worth their start. */
    private static final int LARGE = 1 << 15;

    private final Precision precision;
    private final boolean pageLocked;
    private final AllocationOptions staging;

    /** Allocates nothing yet; from page-locked memory of the host, a GPU copies while the caller goes on. */
    HostTransfer(Precision precision, boolean pageLocked) {
        this.precision = precision;
        this.pageLocked = pageLocked;
        this.staging = new AllocationOptions(typed -> typed.pinned_memory(new BoolOptional(pageLocked)));
    }

    /** Copies rows of equal length to a tensor of one dimension; may return before the device has them. */
    void write(double[][] rows, Tensor target) {
        try (PointerScope _ = new PointerScope()) {
            Tensor staged = staged(target.numel());
            MemorySegment memory = memory(staged, precision);
            indices(rows).forEach(row -> narrow(rows[row], memory, (long) row * rows[row].length));
            target.copy_(staged, pageLocked);
        }
    }

    /** Copies all values of a tensor of one dimension to rows of equal length. */
    void read(Tensor source, double[][] rows) {
        try (PointerScope _ = new PointerScope()) {
            Tensor staged = staged(source.numel());
            staged.copy_(source);
            MemorySegment memory = memory(staged, precision);
            indices(rows).forEach(row -> widen(memory, (long) row * rows[row].length, rows[row]));
        }
    }

    /** Copies floats to a tensor of one dimension; may return before the device has them. */
    void write(float[] values, Tensor target) {
        try (PointerScope _ = new PointerScope()) {
            Tensor staged = staging.empty(Precision.SINGLE, values.length);
            MemorySegment.copy(values, 0, memory(staged, Precision.SINGLE), ValueLayout.JAVA_FLOAT, 0, values.length);
            target.copy_(staged, pageLocked);
        }
    }

    /** Copies all values of a tensor of one dimension, rounded to single precision. */
    void read(Tensor source, float[] values) {
        try (PointerScope _ = new PointerScope()) {
            Tensor staged = staging.empty(Precision.SINGLE, values.length);
            staged.copy_(source);
            MemorySegment.copy(memory(staged, Precision.SINGLE), ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        }
    }

    /** Copies levels, unsigned bytes, to a tensor of one dimension, and divides them by 255 there. */
    void writeLevels(List<ByteBuffer> rows, Tensor target) {
        try (PointerScope _ = new PointerScope()) {
            Tensor staged = staging.emptyBytes(target.numel());
            MemorySegment memory = memory(staged, Byte.BYTES);
            long offset = 0;
            for (ByteBuffer row : rows) {
                MemorySegment levels = MemorySegment.ofBuffer(row);
                MemorySegment.copy(levels, 0, memory, offset, levels.byteSize());
                offset += levels.byteSize();
            }
            Tensor copied =
                    staged.to(target.device(), torch.ScalarType.Byte, pageLocked, false, new MemoryFormatOptional());
            target.copy_(copied).div_(new Scalar(dev.reverie.gpu.tensor.Tensor.MAX_LEVEL));
        }
    }

    private static IntStream indices(double[][] rows) {
        IntStream indices = IntStream.range(0, rows.length);
        return rows.length > 1 && (long) rows.length * rows[0].length >= LARGE ? indices.parallel() : indices;
    }

    /** Allocates nothing, because a thread that fails would let others go on with memory that has been freed. */
    private void narrow(double[] source, MemorySegment memory, long offset) {
        if (precision == Precision.DOUBLE) {
            MemorySegment.copy(source, 0, memory, ValueLayout.JAVA_DOUBLE, offset * Double.BYTES, source.length);
            return;
        }
        for (int i = 0; i < source.length; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, offset + i, (float) source[i]);
        }
    }

    private void widen(MemorySegment memory, long offset, double[] target) {
        if (precision == Precision.DOUBLE) {
            MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE, offset * Double.BYTES, target, 0, target.length);
            return;
        }
        for (int i = 0; i < target.length; i++) {
            target[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, offset + i);
        }
    }

    private Tensor staged(long elements) {
        return staging.empty(precision, elements);
    }

    private static MemorySegment memory(Tensor staged, Precision precision) {
        return memory(staged, precision == Precision.DOUBLE ? Double.BYTES : Float.BYTES);
    }

    @SuppressWarnings("restricted") // the memory that libtorch has just allocated
    private static MemorySegment memory(Tensor staged, int bytesOfElement) {
        return MemorySegment.ofAddress(staged.data_ptr().address()).reinterpret(staged.numel() * bytesOfElement);
    }

    /**
     * What libtorch has to know of a tensor besides its shape. Its objects are created once, because each costs as much
     * time as the allocation itself. Thread safe.
     */
    static final class AllocationOptions {

        private final Function<TensorOptions, TensorOptions> place;
        private final Map<torch.ScalarType, TensorOptions> known = new ConcurrentHashMap<>();

        /** Creates nothing yet, because libtorch may not be loaded; {@code place} adds where the memory is. */
        AllocationOptions(Function<TensorOptions, TensorOptions> place) {
            this.place = place;
        }

        /** Allocates a row-major tensor with undefined content. */
        Tensor empty(Precision precision, long... shape) {
            return empty(TorchMemory.type(precision), shape);
        }

        /** Allocates unsigned bytes with undefined content. */
        Tensor emptyBytes(long count) {
            return empty(torch.ScalarType.Byte, count);
        }

        private Tensor empty(torch.ScalarType type, long... shape) {
            try (MemoryFormatOptional rowMajor = new MemoryFormatOptional()) {
                return torch.empty(shape, known.computeIfAbsent(type, this::options), rowMajor);
            }
        }

        private TensorOptions options(torch.ScalarType type) {
            try (PointerScope _ = new PointerScope()) {
                TensorOptions typed = new TensorOptions().dtype(new ScalarTypeOptional(type));
                return place.apply(typed).retainReference();
            }
        }
    }
}
