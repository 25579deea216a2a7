package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.BatchLimit;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;

/** Kernels of a device whose memory does not suffice for a certain pass over more than a certain number of samples. */
final class SmallDeviceKernels extends TorchDeviceKernels {

    /** The first lines of what libtorch reports. */
    static final String REPORT = """
            CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB
            Exception raised from malloc at CUDACachingAllocator.cpp:1451 (most recent call first):""";

    /** A pass through a network. */
    enum Pass {
        FORWARD,
        BACKWARD,
        TANGENT
    }

    private final Pass pass;
    private final int fitting;
    private final BatchLimit batchLimit;

    /**
     * Takes memory of the CPU for that of a device.
     *
     * @param pass the pass that needs the most memory
     * @param fitting number of samples for which the memory suffices
     * @param batchLimit limit at first
     */
    SmallDeviceKernels(Pass pass, int fitting, int batchLimit) {
        super(Precision.DOUBLE, TorchMemory.ofDevice("cpu"));
        this.pass = pass;
        this.fitting = fitting;
        this.batchLimit = new BatchLimit(batchLimit);
    }

    @Override
    public BatchLimit batchLimit() {
        return batchLimit;
    }

    @Override
    public void normReluPool(InstanceNorm norm, Tensor p) {
        check(Pass.FORWARD, norm.z());
        super.normReluPool(norm, p);
    }

    @Override
    public void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        check(Pass.BACKWARD, norm.z());
        super.normReluPoolGradient(norm, dp, dNorm);
    }

    @Override
    public void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        check(Pass.TANGENT, norm.z());
        super.normReluPoolTangent(norm, normDot, pDot);
    }

    private void check(Pass now, Tensor z) {
        if (now == pass && z.dimension(0) > fitting) {
            throw new RuntimeException(REPORT); // as JavaCPP does
        }
    }
}
