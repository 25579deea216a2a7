package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Kernels.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A tensor in the memory of the host, or with a copy there. */
public abstract class HostTensor extends Tensor {

    private final Precision precision;
    private final MemorySegment memory;

    /**
     * Creates a tensor over native memory.
     *
     * @param address where the elements begin, in row-major order
     */
    @SuppressWarnings("restricted") // Reverie's kernels work on memory that the engine's library allocated
    protected HostTensor(Precision precision, long address, int... shape) {
        super(shape);
        this.precision = precision;
        this.memory = MemorySegment.ofAddress(address)
                .reinterpret(elements(shape) * (precision == Precision.DOUBLE ? Double.BYTES : Float.BYTES));
    }

    /**
     * Returns the host memory of a tensor, without {@link #beforeHostRead}: if the tensor is on a device, the memory
     * can be out of date.
     */
    public static MemorySegment memory(Tensor tensor) {
        return ((HostTensor) tensor).memory;
    }

    protected final Precision precision() {
        return precision;
    }

    /** Called before a method of this class reads the memory; brings a copy in host memory up to date. */
    protected void beforeHostRead() {}

    /** Called after a method of this class has written the memory; marks a copy in host memory as the newest. */
    protected void afterHostWrite() {}

    @Override
    public final void read(long offset, double[] target) {
        beforeHostRead();
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
    public final void write(long offset, double[] source) {
        if (source.length < size()) {
            beforeHostRead(); // the other elements must be those of the device
        }
        if (precision == Precision.DOUBLE) {
            MemorySegment.copy(source, 0, memory, ValueLayout.JAVA_DOUBLE, offset * Double.BYTES, source.length);
        } else {
            float[] narrow = new float[source.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) source[i];
            }
            MemorySegment.copy(narrow, 0, memory, ValueLayout.JAVA_FLOAT, offset * Float.BYTES, narrow.length);
        }
        afterHostWrite();
    }

    @Override
    public final void copyTo(Tensor target, long offset) {
        copy(0, (HostTensor) target, offset, size());
    }

    @Override
    public final void copyRowTo(Tensor target, int from, int to) {
        copy((long) from * columns(), (HostTensor) target, (long) to * columns(), columns());
    }

    private void copy(long from, HostTensor target, long to, long elements) {
        long width = memory.byteSize() / size();
        beforeHostRead();
        if (elements < target.size()) {
            target.beforeHostRead();
        }
        MemorySegment.copy(memory, from * width, target.memory, to * width, elements * width);
        target.afterHostWrite();
    }
}
