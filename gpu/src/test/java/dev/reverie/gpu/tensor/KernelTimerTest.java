package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A timer of kernels")
class KernelTimerTest {

    private static final long TICK_NANOS = 250_000_000;

    private final Kernels plain = Device.referenceKernels(Precision.DOUBLE);
    private final AtomicLong time = new AtomicLong();
    private final KernelTimer timer = new KernelTimer(() -> time.getAndAdd(TICK_NANOS));

    @Test
    @DisplayName("forwards every call, and adds up the time of each kind")
    void addsUp() {
        Kernels timed = timer.timing(plain);
        Tensor sum = matrix(1, 2, 3, 4);
        Tensor product = matrix(0, 0, 0, 0);

        timed.add(matrix(10, 20, 30, 40), sum);
        timed.add(matrix(1, 1, 1, 1), sum);
        timed.multiply(Factor.of(sum), Factor.of(matrix(1, 0, 0, 1)), false, product);

        assertThat(product.toFloats()).containsExactly(12, 23, 34, 45);
        assertThat(timer.seconds()).containsEntry("add", 0.5).containsEntry("multiply", 0.25);
    }

    @Test
    @DisplayName("adds up the time of several kernels that share it")
    void shared() {
        timer.timing(plain).add(matrix(1, 2, 3, 4), matrix(1, 2, 3, 4));
        timer.timing(plain).add(matrix(1, 2, 3, 4), matrix(1, 2, 3, 4));

        assertThat(timer.seconds()).containsEntry("add", 0.5);
    }

    @Test
    @DisplayName("lists every primitive by name from the start")
    void names() {
        assertThat(timer.seconds().keySet())
                .containsExactlyInAnyOrder(Arrays.stream(Kernels.class.getDeclaredMethods())
                        .filter(method -> method.getReturnType() == void.class)
                        .map(Method::getName)
                        .toArray(String[]::new));
        assertThat(timer.seconds().values()).containsOnly(0.0);
    }

    private Tensor matrix(double... values) {
        Tensor tensor = plain.allocate(2, 2);
        tensor.write(0, values);
        return tensor;
    }
}
