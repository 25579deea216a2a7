package dev.reverie.gpu.torch;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Kernels that count the copies between the host and what they take for the memory of a GPU. */
final class CountingKernels extends TorchDeviceKernels {

    private final AtomicInteger copies = new AtomicInteger();

    CountingKernels() {
        super(Precision.DOUBLE, TorchMemory.ofDevice("cpu"));
    }

    /** Number of copies since the last call. */
    int copies() {
        return copies.getAndSet(0);
    }

    @Override
    public Tensor allocate(int... shape) {
        return new Counted(super.allocate(shape), shape);
    }

    @Override
    public double[] distances(
            GradientDistance distance, List<Tensor> real, List<Tensor> synthetic, List<Tensor> derivatives) {
        copies.incrementAndGet();
        return super.distances(distance, real, synthetic, derivatives);
    }

    /** A tensor on the device. */
    private final class Counted extends Tensor implements TorchValue {

        private final Tensor tensor;

        private Counted(Tensor tensor, int... shape) {
            super(shape);
            this.tensor = tensor;
        }

        @Override
        public org.bytedeco.pytorch.Tensor value() {
            return TorchValue.value(tensor);
        }

        @Override
        public org.bytedeco.pytorch.Tensor images() {
            return TorchValue.images(tensor);
        }

        @Override
        public Tensor asMatrix() {
            return new Counted(tensor.asMatrix(), dimension(0), columns());
        }

        @Override
        public void read(long offset, double[] target) {
            copies.incrementAndGet();
            tensor.read(offset, target);
        }

        @Override
        public void write(long offset, double[] source) {
            copies.incrementAndGet();
            tensor.write(offset, source);
        }

        @Override
        public void copyTo(Tensor target, long offset) {
            tensor.copyTo(target, offset);
        }

        @Override
        public void copyRowTo(Tensor target, int from, int to) {
            tensor.copyRowTo(target, from, to);
        }

        @Override
        public Tensor rows(int from, int count) {
            return new Counted(tensor.rows(from, count), count, dimension(1));
        }

        @Override
        public void fill(double value) {
            tensor.fill(value);
        }

        @Override
        public void close() {
            tensor.close();
        }
    }
}
