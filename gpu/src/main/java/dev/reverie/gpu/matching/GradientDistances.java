package dev.reverie.gpu.matching;

import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/** Compares two gradients with respect to some weights, where the kernels can do so fastest. */
sealed interface GradientDistances permits HostGradientDistances, DeviceGradientDistances {

    /**
     * Computes the distance between the gradients with respect to each weight, which is the sum over its output units.
     * The gradients are the sums of parts; a part has one tensor per weight.
     *
     * @param real parts of the real gradient; the content of the first one is undefined afterwards
     * @param synthetic parts of the synthetic gradient; the content of the first one is undefined afterwards
     * @param derivatives overwritten with the derivatives of the distances with respect to the synthetic gradient
     * @return one distance per weight
     */
    double[] byWeight(List<List<Tensor>> real, List<List<Tensor>> synthetic, List<Tensor> derivatives);
}
