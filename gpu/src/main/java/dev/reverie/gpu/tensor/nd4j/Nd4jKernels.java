package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jNormReluPool.channels;
import static dev.reverie.gpu.tensor.nd4j.Nd4jNormReluPool.positive;
import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Implements all kernels with ND4J operations, for any ND4J backend and for both precisions. The code follows the
 * formulas; {@link dev.reverie.gpu.tensor.vector.VectorKernels} computes the same results with fewer passes over
 * memory.
 */
final class Nd4jKernels implements Kernels {

    private static final WorkspaceConfiguration TEMPORARIES = WorkspaceConfiguration.builder()
            .initialSize(0)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .policyLearning(LearningPolicy.OVER_TIME)
            .policySpill(SpillPolicy.EXTERNAL)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .build();

    private final Precision precision;

    Nd4jKernels(Precision precision) {
        this.precision = precision;
    }

    /** Opens the ND4J workspace for temporaries, which every kernel call reuses. */
    private static MemoryWorkspace temporaries() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(TEMPORARIES, "REVERIE_KERNEL");
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Tensor allocate(int... shape) {
        return Nd4jTensor.allocate(precision, shape);
    }

    @Override
    public void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        if (padding >= 0) {
            convolve(array(x), w, padding, y);
            return;
        }
        try (MemoryWorkspace scope = temporaries()) {
            convolve(cropped(x, -padding), w, 0, y);
        }
    }

    private static void convolve(INDArray x, Tensor w, int padding, Tensor y) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(x, array(w))
                .addOutputs(array(y))
                .addIntegerArguments(ofConvolution(array(w), padding))
                .build());
    }

    private static INDArray cropped(Tensor x, int border) {
        return array(x).get(
                        all(),
                        all(),
                        interval(border, x.dimension(2) - border),
                        interval(border, x.dimension(3) - border))
                .dup('c');
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        int out = w.dimension(0);
        int in = w.dimension(1);
        int taps = w.dimension(2) * w.dimension(3);
        double[] source = w.toDoubles();
        double[] target = new double[source.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                int from = (o * in + i) * taps;
                int to = (i * out + o) * taps;
                for (int tap = 0; tap < taps; tap++) {
                    target[to + tap] = source[from + taps - 1 - tap];
                }
            }
        }
        adjoint.write(0, target);
    }

    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        try (MemoryWorkspace scope = temporaries()) {
            INDArray dx = Nd4j.createUninitialized(array(x).dataType(), array(x).shape());
            INDArray w = Nd4j.zeros(array(dw).dataType(), array(dw).shape());
            gradients(new INDArray[] {array(x), w, array(dy)}, padding, dx, array(dw));
        }
    }

    @Override
    public void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        gradients(new INDArray[] {array(x), array(w), array(dy)}, padding, array(dx), array(dw));
    }

    private static void gradients(INDArray[] inputs, int padding, INDArray dx, INDArray dw) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                .addInputs(inputs)
                .addOutputs(dx, dw)
                .addIntegerArguments(ofConvolution(dw, padding))
                .build());
    }

    /**
     * Arguments of conv2d: kernel, stride, padding and dilation, no same mode, channels first, weights as [out, in, kh,
     * kw].
     */
    private static int[] ofConvolution(INDArray w, int padding) {
        int side = Math.toIntExact(w.size(2));
        return new int[] {side, side, 1, 1, padding, padding, 1, 1, 0, 0, 1};
    }

    @Override
    public void normReluPool(InstanceNorm norm, Tensor p) {
        try (MemoryWorkspace scope = temporaries()) {
            array(p).assign(Nd4jNormReluPool.normalising(norm).output());
        }
    }

    @Override
    public void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        try (MemoryWorkspace scope = temporaries()) {
            Nd4jNormReluPool.of(norm).gradient(dp, dNorm);
        }
    }

    @Override
    public void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        try (MemoryWorkspace scope = temporaries()) {
            array(pDot).assign(Nd4jNormReluPool.of(norm).tangent(normDot));
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        try (MemoryWorkspace scope = temporaries()) {
            Nd4jNormReluPool.of(norm).gradientTangent(normDot, dp, dpDot, dNormDot);
        }
    }

    @Override
    public void normalise(InstanceNorm norm, boolean rectified, Tensor y) {
        try (MemoryWorkspace scope = temporaries()) {
            array(y).assign(Nd4jNormReluPool.normalising(norm).normalised(rectified));
        }
    }

    @Override
    public void normaliseGradient(InstanceNorm norm, boolean rectified, Tensor dy, NormDerivative dNorm) {
        try (MemoryWorkspace scope = temporaries()) {
            Nd4jNormReluPool.of(norm).gradientOfNormalised(rectified, dy, dNorm);
        }
    }

    @Override
    public void addAndRectify(Tensor x, Tensor y) {
        try (MemoryWorkspace scope = temporaries()) {
            INDArray sum = array(x).add(array(y));
            array(y).assign(sum.mul(positive(sum)));
        }
    }

    @Override
    public void rectifyGradient(Tensor y, Tensor dy) {
        try (MemoryWorkspace scope = temporaries()) {
            array(dy).muli(positive(array(y)));
        }
    }

    @Override
    public void averagePool(Tensor x, Window window, Tensor p) {
        Nd4j.exec(DynamicCustomOp.builder("avgpool2d")
                .addInputs(array(x))
                .addOutputs(array(p))
                .addIntegerArguments(ofPooling(window))
                .build());
    }

    @Override
    public void averagePoolGradient(Tensor dp, Window window, Tensor dx) {
        // the values of the input do not matter, only its shape
        Nd4j.exec(DynamicCustomOp.builder("avgpool2d_bp")
                .addInputs(array(dx), array(dp))
                .addOutputs(array(dx))
                .addIntegerArguments(ofPooling(window))
                .build());
    }

    /**
     * Arguments of avgpool2d: kernel, stride, padding and dilation, no same mode, the divisor (without the padding),
     * channels first.
     */
    private static int[] ofPooling(Window window) {
        return new int[] {window.height(), window.width(), window.height(), window.width(), 0, 0, 1, 1, 0, 0, 0};
    }

    /** Computes one BLAS product per sample. */
    @Override
    public void gram(Tensor z, double[] weights, Tensor gram) {
        gram.fill(0);
        INDArray out = array(gram).transpose();
        for (int sample = 0; sample < weights.length; sample++) {
            INDArray planes = columns(z, sample);
            Nd4j.gemm(planes, planes, out, true, false, weights[sample], 1);
        }
    }

    @Override
    public void addGramGradient(Tensor z, Tensor dGram, Tensor dz) {
        INDArray symmetric = array(dGram).transpose();
        for (int sample = 0; sample < z.dimension(0); sample++) {
            Nd4j.gemm(columns(z, sample), symmetric, columns(dz, sample), false, false, 1, 1);
        }
    }

    /** The planes of a sample as the columns of a matrix, {@code [h w, c]}, which shares the memory of the tensor. */
    private static INDArray columns(Tensor tensor, int sample) {
        long pixels = (long) tensor.dimension(2) * tensor.dimension(3);
        return array(tensor)
                .get(point(sample), all(), all(), all())
                .reshape('c', tensor.dimension(1), pixels)
                .transpose();
    }

    @Override
    public void addMomentsGradient(InstanceNorm norm, Moments byMoments, Tensor dz) {
        try (MemoryWorkspace scope = temporaries()) {
            long pixels = (long) dz.dimension(2) * dz.dimension(3);
            INDArray change = Nd4jNormReluPool.of(norm)
                    .hat()
                    .mul(channels(byMoments.deviation()))
                    .addi(channels(byMoments.mean()));
            array(dz).addi(change.divi(pixels));
        }
    }

    @Override
    public void multiply(Factor a, Factor b, boolean accumulate, Tensor out) {
        // BLAS writes column-major, and the row-major product a b is the column-major product b' a'
        INDArray left = factor(b).transpose();
        INDArray right = factor(a).transpose();
        Nd4j.gemm(left, right, array(out).transpose(), false, false, 1, accumulate ? 1 : 0);
    }

    private static INDArray factor(Factor factor) {
        INDArray matrix = array(factor.matrix());
        return factor.isTransposed() ? matrix.transpose() : matrix;
    }

    @Override
    public void add(Tensor x, Tensor y) {
        array(y).addi(array(x));
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, Sgd sgd) {
        try (MemoryWorkspace scope = temporaries()) {
            array(v).muli(sgd.momentum()).addi(array(g)).addi(array(p).mul(sgd.decay()));
            array(p).subi(array(v).mul(sgd.rate()));
        }
    }
}
