package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors are.
 *
 * @param device libtorch's name of the device, for example {@code cuda:0}
 * @param host whether kernels other than libtorch's may use the memory
 */
record TorchMemory(String device, boolean host) {

    /** The memory of the CPU. */
    static final TorchMemory HOST = new TorchMemory("cpu", true);

    /** Allocates a tensor with undefined content. */
    Tensor allocate(Precision precision, int... shape) {
        long[] lengths = Arrays.stream(shape).asLongStream().toArray();
        try (Device place = new Device(device);
                DeviceOptional onPlace = new DeviceOptional(place);
                ScalarTypeOptional type = new ScalarTypeOptional(type(precision));
                TensorOptions none = new TensorOptions();
                TensorOptions typed = none.dtype(type);
                TensorOptions placed = typed.device(onPlace);
                MemoryFormatOptional rowMajor = new MemoryFormatOptional()) {
            org.bytedeco.pytorch.Tensor value = torch.empty(lengths, placed, rowMajor);
            return host ? new TorchHostTensor(precision, value, shape) : new TorchDeviceTensor(value, shape);
        }
    }

    private static torch.ScalarType type(Precision precision) {
        return precision == Precision.SINGLE ? torch.ScalarType.Float : torch.ScalarType.Double;
    }
}
