package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.KernelAgreement;
import dev.reverie.gpu.tensor.KernelDerivatives;
import dev.reverie.gpu.tensor.KernelResidualDerivatives;
import dev.reverie.gpu.tensor.KernelStyleDerivatives;
import dev.reverie.gpu.tensor.Kernels.Precision;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("The kernels on ND4J and the Vector API")
class Nd4jKernelsTest {

    @Nested
    class Derivatives extends KernelDerivatives {
        Derivatives() {
            super(Device.referenceKernels(Precision.DOUBLE));
        }
    }

    @Nested
    class StyleDerivatives extends KernelStyleDerivatives {
        StyleDerivatives() {
            super(Device.referenceKernels(Precision.DOUBLE));
        }
    }

    @Nested
    class ResidualDerivatives extends KernelResidualDerivatives {
        ResidualDerivatives() {
            super(Device.referenceKernels(Precision.DOUBLE));
        }
    }

    @Nested
    class Agreement extends KernelAgreement {
        Agreement() {
            super(Device.referenceKernels(Precision.DOUBLE), Device.kernels());
        }
    }
}
