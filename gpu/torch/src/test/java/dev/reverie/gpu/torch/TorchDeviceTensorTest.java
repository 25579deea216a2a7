package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A tensor of a device whose kernels have reordered its elements")
class TorchDeviceTensorTest {

    private static final int[] SHAPE = {2, 3, 4, 5};
    private static final double[] VALUES =
            IntStream.range(0, 120).asDoubleStream().toArray();

    private final DeviceKernels kernels = new TorchDeviceKernels(Precision.DOUBLE, TorchMemory.ofDevice("cpu"));

    private Tensor reordered() {
        Tensor tensor = kernels.allocate(SHAPE);
        tensor.write(0, VALUES);
        TorchValue.images(tensor);
        return tensor;
    }

    @Test
    @DisplayName("is read in row-major order")
    void read() {
        try (Tensor tensor = reordered()) {
            double[] part = new double[7];
            tensor.read(30, part);

            assertThat(tensor.toDoubles()).isEqualTo(VALUES);
            assertThat(tensor.toFloats()).hasSize(120).startsWith(0, 1, 2).endsWith(119);
            assertThat(tensor.toRows()[1]).startsWith(60, 61);
            assertThat(part).containsExactly(30, 31, 32, 33, 34, 35, 36);
            assertThat(tensor.asMatrix().toRows()[1]).startsWith(60, 61);
        }
    }

    @Test
    @DisplayName("is written in row-major order, in part or whole")
    void write() {
        try (Tensor tensor = reordered()) {
            tensor.write(30, new double[] {-1, -2});

            double[] expected = VALUES.clone();
            expected[30] = -1;
            expected[31] = -2;
            assertThat(tensor.toDoubles()).isEqualTo(expected);

            TorchValue.images(tensor);
            tensor.write(0, DoubleStream.of(VALUES).map(value -> -value).toArray());

            assertThat(tensor.toDoubles()).startsWith(-0.0, -1, -2).endsWith(-119);
        }
    }

    @Test
    @DisplayName("keeps its memory and its order when all of it is written, because recorded kernels use them")
    void keepsItsMemory() {
        try (Tensor tensor = reordered()) {
            long address = CudaNormReluPool.images(tensor);

            tensor.write(0, new double[VALUES.length]);
            tensor.setFloats(new float[VALUES.length]);
            tensor.setRows(new double[2][60]);
            tensor.setLevels(0, List.of(ByteBuffer.allocate(60), ByteBuffer.allocate(60)));

            assertThat(CudaNormReluPool.images(tensor)).isEqualTo(address);
        }
    }

    @Test
    @DisplayName("is copied to tensors in any order")
    void copy() {
        try (Tensor tensor = reordered();
                Tensor rowMajor = kernels.allocate(SHAPE);
                Tensor other = reordered();
                Tensor longer = kernels.allocate(3, 60)) {
            other.fill(0);
            longer.fill(0);

            tensor.copyTo(rowMajor, 0);
            tensor.copyTo(other, 0);
            tensor.copyTo(longer, 60);

            assertThat(rowMajor.toDoubles()).isEqualTo(VALUES);
            assertThat(other.toDoubles()).isEqualTo(VALUES);
            assertThat(longer.toDoubles()).startsWith(0, 0).endsWith(118, 119);
        }
    }

    @Test
    @DisplayName("keeps its values if several threads reorder and read it at once")
    void concurrently() {
        for (int round = 0; round < 200; round++) {
            try (Tensor tensor = kernels.allocate(SHAPE)) {
                tensor.write(0, VALUES);

                List<double[]> read = IntStream.range(0, 8)
                        .parallel()
                        .mapToObj(thread -> {
                            TorchValue.images(tensor);
                            return tensor.toDoubles();
                        })
                        .toList();

                assertThat(read).allSatisfy(values -> assertThat(values).isEqualTo(VALUES));
            }
        }
    }

    @Test
    @DisplayName("turns levels into values in [0, 1]")
    void levels() {
        try (Tensor tensor = kernels.allocate(3, 1, 1, 4)) {
            TorchValue.images(tensor);
            tensor.fill(0);

            tensor.setLevels(1, List.of(levels(0, 51, 102, 255), levels(1, 2, 3, 4)));

            assertThat(tensor.toRows()).isDeepEqualTo(new double[][] {
                {0, 0, 0, 0}, {0, 0.2, 0.4, 1}, {1 / 255.0, 2 / 255.0, 3 / 255.0, 4 / 255.0}
            });
        }
    }

    private static ByteBuffer levels(int... levels) {
        byte[] bytes = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            bytes[i] = (byte) levels[i];
        }
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
}
