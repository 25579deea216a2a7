package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.lab.bench.KernelProfile.KernelUse;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A kernel profile")
class KernelProfileTest {

    private static final long TICK_NANOS = 1_000_000;

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
    private final AtomicLong clock = new AtomicLong();
    private final KernelProfile profile = new KernelProfile(() -> clock.getAndAdd(TICK_NANOS));
    private final Kernels profiled = profile.profiling(kernels);

    @Test
    @DisplayName("forwards every call")
    void passesOn() {
        Tensor sum = matrix(1, 2, 3, 4);

        profiled.add(matrix(10, 20, 30, 40), sum);

        assertThat(sum.toFloats()).containsExactly(11, 22, 33, 44);
    }

    @Test
    @DisplayName("records a product with its caller, time, operations and bytes")
    void account() {
        profile.enter("match");

        profiled.multiply(
                Factor.of(matrix(1, 2, 3, 4)), Factor.transposed(matrix(1, 0, 0, 1)), false, matrix(0, 0, 0, 0));
        profiled.multiply(
                Factor.transposed(matrix(1, 2, 3, 4)), Factor.of(matrix(1, 0, 0, 1)), false, matrix(0, 0, 0, 0));

        int multiplyAdds = 2 * 2 * 2;
        int bytes = 3 * 4 * Double.BYTES;
        assertThat(profile.uses())
                .containsExactly(new KernelUse(
                        "match", "KernelProfileTest", "multiply", 2, 0.002, 2 * 2 * multiplyAdds, 2 * bytes));
    }

    @Test
    @DisplayName(
            "counts nine multiply-adds per output and input channel of a convolution, and twice that for two gradients")
    void convolution() {
        Tensor x = profiled.allocate(1, 2, 4, 4);
        Tensor y = profiled.allocate(1, 3, 4, 4);
        Tensor w = profiled.allocate(3, 2, 3, 3);
        double forward = 2.0 * 9 * 2 * 3 * 16;
        x.fill(1);
        w.fill(1);

        profiled.convolve(x, w, 1, y);
        assertThat(profile.flop()).isEqualTo(forward);

        profile.reset();
        profiled.convolutionGradients(x, w, y, 1, profiled.allocate(1, 2, 4, 4), profiled.allocate(3, 2, 3, 3));
        assertThat(profile.flop()).isEqualTo(2 * forward);
    }

    @Test
    @DisplayName("separates phases")
    void phases() {
        profile.enter("match");
        profiled.add(matrix(1, 2, 3, 4), matrix(1, 2, 3, 4));
        profile.enter("train");
        profiled.add(matrix(1, 2, 3, 4), matrix(1, 2, 3, 4));

        assertThat(profile.uses()).extracting(KernelUse::phase).containsExactlyInAnyOrder("match", "train");
    }

    private Tensor matrix(double... values) {
        Tensor tensor = kernels.allocate(2, 2);
        tensor.write(0, values);
        return tensor;
    }
}
