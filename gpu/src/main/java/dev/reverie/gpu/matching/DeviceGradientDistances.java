package dev.reverie.gpu.matching;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/** Compares gradients on a device, from which only the distances are copied. */
record DeviceGradientDistances(DeviceKernels device, Kernels kernels, GradientDistance distance)
        implements GradientDistances {

    @Override
    public double[] byWeight(List<List<Tensor>> real, List<List<Tensor>> synthetic, List<Tensor> derivatives) {
        return device.distances(distance, addAllToFirst(real), addAllToFirst(synthetic), derivatives);
    }

    /** Adds all other parts to the first one, and returns it. */
    private List<Tensor> addAllToFirst(List<List<Tensor>> parts) {
        List<Tensor> sum = parts.getFirst();
        for (List<Tensor> part : parts.subList(1, parts.size())) {
            for (int weight = 0; weight < sum.size(); weight++) {
                kernels.add(part.get(weight), sum.get(weight));
            }
        }
        return sum;
    }
}
