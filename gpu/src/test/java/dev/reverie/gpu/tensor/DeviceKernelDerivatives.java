package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelSlopes.assertClose;
import static dev.reverie.gpu.tensor.KernelSlopes.moved;
import static dev.reverie.gpu.tensor.KernelSlopes.slope;
import static dev.reverie.gpu.tensor.KernelTensors.inner;

import dev.reverie.gpu.objective.GradientDistance;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernels of every device fulfil: derivatives are slopes, by central differences in double precision. */
public abstract class DeviceKernelDerivatives {

    private final DeviceKernels kernels;
    private final KernelTensors tensors;

    /**
     * Tests the kernels of a device.
     *
     * @param kernels kernels in double precision
     */
    protected DeviceKernelDerivatives(DeviceKernels kernels) {
        this.kernels = kernels;
        this.tensors = new KernelTensors(kernels);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the derivative of a distance between gradients is its slope")
    protected void derivativeIsTheSlope(GradientDistance distance) {
        Tensor real = tensors.random(4, 3, 3, 3);
        Tensor synthetic = tensors.random(4, 3, 3, 3);
        Tensor direction = tensors.random(4, 3, 3, 3);
        Tensor derivative = tensors.like(synthetic);
        double[] origin = synthetic.toDoubles();

        double[] difference = slope(step -> {
            synthetic.write(0, moved(origin, direction, step));
            return kernels.distances(distance, List.of(real), List.of(synthetic), List.of(derivative));
        });

        synthetic.write(0, origin);
        kernels.distances(distance, List.of(real), List.of(synthetic), List.of(derivative));
        assertClose(new double[] {inner(derivative, direction)}, difference);
    }
}
