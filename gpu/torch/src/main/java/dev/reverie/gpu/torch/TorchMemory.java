package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.BatchLimit;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.torch.CudaDriver.CudaStream;
import dev.reverie.gpu.torch.HostTransfer.AllocationOptions;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.global.torch;

/** Where tensors are: on the host, or on a device whose memory only libtorch uses. */
final class TorchMemory {

    private static final String CPU = "cpu";

    /** The most images that a GPU computes at once while its memory suffices. */
    private static final int DEVICE_BATCH = 512;

    private final String device;
    private final boolean host;
    private final Optional<CudaStream> stream;
    private final HostTransfer singles;
    private final HostTransfer doubles;
    private final BatchLimit batchLimit;
    private final AllocationOptions options;

    private TorchMemory(String device, boolean host, Optional<CudaStream> stream, BatchLimit batchLimit) {
        this.device = device;
        this.host = host;
        this.stream = stream;
        this.batchLimit = batchLimit;
        this.options = new AllocationOptions(typed -> typed.device(new DeviceOptional(new Device(device))));
        this.singles = new HostTransfer(Precision.SINGLE, !device.equals(CPU));
        this.doubles = new HostTransfer(Precision.DOUBLE, !device.equals(CPU));
    }

    /** The memory of the CPU, which other kernels than libtorch's may use. */
    static TorchMemory ofHost() {
        return new TorchMemory(CPU, true, Optional.empty(), new BatchLimit(DEVICE_BATCH));
    }

    /** The memory of a device by libtorch's name, for example {@code cuda:0}; {@code cpu} is used as a device is. */
    static TorchMemory ofDevice(String device) {
        return new TorchMemory(device, false, Optional.empty(), new BatchLimit(DEVICE_BATCH));
    }

    /**
     * The memory of a GPU for the work on one of its streams. All of them share the limit on batches, so that they give
     * the same bits.
     */
    TorchMemory on(CudaStream other) {
        return new TorchMemory(name(other.device()), false, Optional.of(other), batchLimit);
    }

    static String name(int gpu) {
        return "cuda:" + gpu;
    }

    /** Makes the stream that of the calling thread, for libtorch's operations and for its memory. */
    void useOnThisThread() {
        stream.ifPresent(one -> {
            try (Device place = new Device(device);
                    Stream current = one.isOfRuntime()
                            ? new Stream(Stream.Default.DEFAULT, place)
                            // libtorch's identifier of a stream that it has not created is its handle
                            : new Stream(Stream.Unsafe.UNSAFE, place, one.handle())) {
                torch.setCurrentStream(current);
            }
        });
    }

    /** libtorch's name of the device. */
    String device() {
        return device;
    }

    /** Whether kernels other than libtorch's may use the memory. */
    boolean host() {
        return host;
    }

    /** The most samples whose activations the memory of a device should hold at once. */
    BatchLimit batchLimit() {
        return batchLimit;
    }

    /** Gives memory that libtorch has allocated from a GPU and does not use back to it. */
    void freeUnused() {
        if (!device.equals(CPU)) {
            torch.emptyCache();
        }
    }

    /** Allocates a tensor with undefined content. */
    Tensor allocate(Precision precision, int... shape) {
        var value = options.empty(precision, Arrays.stream(shape).asLongStream().toArray());
        return host
                ? new TorchHostTensor(precision, value, shape)
                : new TorchDeviceTensor(precision == Precision.SINGLE ? singles : doubles, value, shape);
    }

    /** libtorch's name of a precision. */
    static torch.ScalarType type(Precision precision) {
        return precision == Precision.SINGLE ? torch.ScalarType.Float : torch.ScalarType.Double;
    }
}
