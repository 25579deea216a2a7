package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.DeviceKernelAgreement;
import dev.reverie.gpu.tensor.DeviceKernelDerivatives;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.KernelAgreement;
import dev.reverie.gpu.tensor.KernelDerivatives;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelResidualDerivatives;
import dev.reverie.gpu.tensor.KernelStyleDerivatives;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    private static DeviceKernels onWorker(Precision precision) {
        opened();
        return WorkerKernels.onThisThread(precision);
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
    class ResidualDerivatives extends KernelResidualDerivatives {
        ResidualDerivatives() {
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
    @DisplayName("whose tensors are not on the host, for residual blocks")
    class DeviceResidualDerivatives extends KernelResidualDerivatives {
        DeviceResidualDerivatives() {
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
            super(onWorker(Precision.DOUBLE));
        }
    }

    @Nested
    @DisplayName("that a device has instead of the host's loops, in single precision")
    class OfDevicesInSinglePrecision extends DeviceKernelAgreement {
        OfDevicesInSinglePrecision() {
            super(onWorker(Precision.SINGLE));
        }
    }

    @Nested
    @DisplayName("that a device has instead of the host's derivatives")
    class DerivativesOfDevices extends DeviceKernelDerivatives {
        DerivativesOfDevices() {
            super(onDevice(Precision.DOUBLE));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("keep the floats that a tensor on a device is given, in both precisions")
    void keepFloats(Precision precision) {
        float[] values = {0.1f, -2, Float.MIN_NORMAL, 1e30f, 0, 7};
        try (Tensor tensor = onDevice(precision).allocate(2, 3)) {
            tensor.setFloats(values);

            assertThat(tensor.toFloats()).isEqualTo(values);
            assertThat(tensor.toDoubles()).containsExactly(0.1f, -2, Float.MIN_NORMAL, 1e30f, 0, 7);
        }
    }

    @Test
    @DisplayName("round the doubles of a tensor on a device to floats")
    void roundToFloats() {
        try (Tensor tensor = onDevice(Precision.DOUBLE).allocate(2)) {
            tensor.write(0, new double[] {0.1, 1 / 3.0});

            assertThat(tensor.toFloats()).containsExactly(0.1f, (float) (1 / 3.0));
        }
    }
}
