package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.DeviceKernelAgreement;
import dev.reverie.gpu.tensor.DeviceKernelDerivatives;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.KernelAgreement;
import dev.reverie.gpu.tensor.KernelDerivatives;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelStyleDerivatives;
import dev.reverie.gpu.tensor.Precision;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("The kernels on libtorch")
class TorchKernelsTest {

    private static KernelEngine opened() {
        KernelEngine engine = new TorchEngine();
        engine.open();
        return engine;
    }

    /** The kernels of a GPU; without one, memory of the CPU is used as if it were that of a GPU. */
    private static DeviceKernels onDevice(Precision precision) {
        return opened().referenceKernels(precision)
                .device()
                .orElseGet(() -> new TorchDeviceKernels(precision, TorchMemory.ofDevice("cpu")));
    }

    @Nested
    class Derivatives extends KernelDerivatives {
        Derivatives() {
            super(opened().referenceKernels(Precision.DOUBLE));
        }
    }

    @Nested
    class StyleDerivatives extends KernelStyleDerivatives {
        StyleDerivatives() {
            super(opened().referenceKernels(Precision.DOUBLE));
        }
    }

    @Nested
    class Agreement extends KernelAgreement {
        Agreement() {
            super(opened().referenceKernels(Precision.DOUBLE), opened().kernels());
        }
    }

    @Nested
    @DisplayName("whose tensors are not on the host")
    class DeviceDerivatives extends KernelDerivatives {
        DeviceDerivatives() {
            super(onDevice(Precision.DOUBLE));
        }
    }

    @Nested
    @DisplayName("whose tensors are not on the host, for style terms")
    class DeviceStyleDerivatives extends KernelStyleDerivatives {
        DeviceStyleDerivatives() {
            super(onDevice(Precision.DOUBLE));
        }
    }

    @Nested
    @DisplayName("whose tensors are not on the host, in single precision")
    class DeviceAgreement extends KernelAgreement {
        DeviceAgreement() {
            super(onDevice(Precision.DOUBLE), onDevice(Precision.SINGLE));
        }
    }

    @Nested
    @DisplayName("that a device has instead of the host's loops")
    class OfDevices extends DeviceKernelAgreement {
        OfDevices() {
            super(onDevice(Precision.DOUBLE));
        }
    }

    @Nested
    @DisplayName("that a device has instead of the host's loops, in single precision")
    class OfDevicesInSinglePrecision extends DeviceKernelAgreement {
        OfDevicesInSinglePrecision() {
            super(onDevice(Precision.SINGLE));
        }
    }

    @Nested
    @DisplayName("that a device has instead of the host's derivatives")
    class DerivativesOfDevices extends DeviceKernelDerivatives {
        DerivativesOfDevices() {
            super(onDevice(Precision.DOUBLE));
        }
    }
}
