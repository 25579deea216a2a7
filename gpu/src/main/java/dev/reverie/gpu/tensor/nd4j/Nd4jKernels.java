package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

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
            Nd4jOperations.convolve(x, w, padding, y);
            return;
        }
        try (MemoryWorkspace scope = temporaries()) { // the cropped x is a temporary
            Nd4jOperations.convolve(x, w, padding, y);
        }
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        Nd4jOperations.adjointWeights(w, adjoint);
    }

    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        try (MemoryWorkspace scope = temporaries()) {
            Nd4jOperations.weightGradient(x, dy, padding, dw);
        }
    }

    @Override
    public void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        Nd4jOperations.convolutionGradients(x, w, dy, padding, dx, dw);
    }

    @Override
    public void normReluPool(InstanceNorm norm, Tensor p) {
        try (MemoryWorkspace scope = temporaries()) {
            INDArray activation = normalised(norm);
            array(p).assign(pool(activation.mul(positive(activation))));
        }
    }

    /** Normalises z, writes its statistics, and returns the result of the affine map. */
    private static INDArray normalised(InstanceNorm norm) {
        INDArray z = array(norm.z());
        INDArray statistics = array(norm.statistics());
        INDArray mean = z.mean(true, 2, 3);
        INDArray centred = z.sub(mean);
        INDArray inverse = Transforms.sqrt(centred.mul(centred).mean(true, 2, 3).addi(EPSILON))
                .rdivi(1);
        statistics.get(all(), all(), interval(0, 1)).assign(mean.reshape(mean.size(0), mean.size(1), 1));
        statistics.get(all(), all(), interval(1, 2)).assign(inverse.reshape(mean.size(0), mean.size(1), 1));
        return centred.mul(inverse)
                .muli(plane(norm.affine().scale()))
                .addi(plane(norm.affine().shift()));
    }

    @Override
    public void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(norm);
            normaliseGradient(x, unpool(dp, norm.z()).muli(x.mask), dNorm);
        }
    }

    private static void normaliseGradient(Normalised x, INDArray da, NormDerivative dNorm) {
        array(dNorm.affine().scale()).assign(da.mul(x.hat).sum(0, 2, 3));
        array(dNorm.affine().shift()).assign(da.sum(0, 2, 3));
        INDArray dHat = da.mul(x.scale);
        array(dNorm.z()).assign(x.project(dHat).muli(x.inverse));
    }

    @Override
    public void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(norm);
            INDArray activationDot = x.hatDot(normDot)
                    .mul(x.scale)
                    .addi(x.hat.mul(plane(normDot.affine().scale())))
                    .addi(plane(normDot.affine().shift()));
            array(pDot).assign(pool(activationDot.muli(x.mask)));
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(norm);
            INDArray hatDot = x.hatDot(normDot);
            INDArray da = unpool(dp, norm.z()).muli(x.mask);
            INDArray daDot = unpool(dpDot, norm.z()).muli(x.mask);
            array(dNormDot.affine().scale())
                    .assign(daDot.mul(x.hat).addi(da.mul(hatDot)).sum(0, 2, 3));
            array(dNormDot.affine().shift()).assign(daDot.sum(0, 2, 3));

            INDArray dHat = da.mul(x.scale);
            INDArray dHatDot =
                    daDot.mul(x.scale).addi(da.mul(plane(normDot.affine().scale())));
            // the tangent of inverse * (dHat - mean(dHat) - hat * mean(dHat * hat)), factor by factor
            INDArray inverseDot = x.inverse
                    .mul(x.inverse)
                    .muli(mean(x.hat.mul(array(normDot.z()))))
                    .negi();
            INDArray correlation = mean(dHat.mul(x.hat));
            INDArray correlationDot = mean(dHatDot.mul(x.hat).addi(dHat.mul(hatDot)));
            INDArray projectedDot =
                    dHatDot.sub(mean(dHatDot)).subi(hatDot.mul(correlation)).subi(x.hat.mul(correlationDot));
            array(dNormDot.z()).assign(x.project(dHat).muli(inverseDot).addi(projectedDot.muli(x.inverse)));
        }
    }

    @Override
    public void normalise(InstanceNorm norm, boolean rectified, Tensor y) {
        try (MemoryWorkspace scope = temporaries()) {
            INDArray activation = normalised(norm);
            array(y).assign(rectified ? activation.mul(positive(activation)) : activation);
        }
    }

    @Override
    public void normaliseGradient(InstanceNorm norm, boolean rectified, Tensor dy, NormDerivative dNorm) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(norm);
            normaliseGradient(x, rectified ? array(dy).mul(x.mask) : array(dy), dNorm);
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
        Nd4jOperations.averagePool(x, window, p);
    }

    @Override
    public void averagePoolGradient(Tensor dp, Window window, Tensor dx) {
        Nd4jOperations.averagePoolGradient(dp, window, dx);
    }

    @Override
    public void gram(Tensor z, double[] weights, Tensor gram) {
        Nd4jOperations.gram(z, weights, gram);
    }

    @Override
    public void addGramGradient(Tensor z, Tensor dGram, Tensor dz) {
        Nd4jOperations.addGramGradient(z, dGram, dz);
    }

    @Override
    public void addMomentsGradient(InstanceNorm norm, Moments byMoments, Tensor dz) {
        try (MemoryWorkspace scope = temporaries()) {
            long pixels = (long) dz.dimension(2) * dz.dimension(3);
            INDArray hat = array(norm.z()).sub(statistic(norm, 0)).muli(statistic(norm, 1));
            INDArray change = hat.muli(plane(byMoments.deviation())).addi(plane(byMoments.mean()));
            array(dz).addi(change.divi(pixels));
        }
    }

    @Override
    public void multiply(Factor a, Factor b, boolean accumulate, Tensor out) {
        // BLAS writes column-major, and the row-major product a b is the column-major product b' a'
        Nd4j.gemm(
                factor(b).transpose(),
                factor(a).transpose(),
                array(out).transpose(),
                false,
                false,
                1,
                accumulate ? 1 : 0);
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

    private static INDArray plane(Tensor perChannel) {
        return array(perChannel).reshape(1, perChannel.dimension(0), 1, 1);
    }

    /** The first or the second statistic of each plane, {@code [n, c, 1, 1]}. */
    private static INDArray statistic(InstanceNorm norm, int index) {
        return array(norm.statistics())
                .get(all(), all(), interval(index, index + 1L))
                .dup('c')
                .reshape(norm.z().dimension(0), norm.z().dimension(1), 1, 1);
    }

    private static INDArray mean(INDArray planes) {
        return planes.mean(true, 2, 3);
    }

    private static INDArray positive(INDArray x) {
        return x.gt(0).castTo(x.dataType());
    }

    private static INDArray pool(INDArray a) {
        long n = a.size(0);
        long c = a.size(1);
        long height = a.size(2) / 2;
        long width = a.size(3) / 2;
        return a.get(all(), all(), interval(0, 2 * height), interval(0, 2 * width))
                .dup('c')
                .reshape(n, c, height, 2, width, 2)
                .mean(3, 5);
    }

    private static INDArray unpool(Tensor dp, Tensor z) {
        INDArray result = Nd4j.zeros(array(z).dataType(), array(z).shape());
        long height = dp.dimension(2);
        long width = dp.dimension(3);
        INDArray spread = array(dp).mul(0.25).repeat(2, 2).repeat(3, 2);
        result.get(all(), all(), interval(0, 2 * height), interval(0, 2 * width))
                .assign(spread);
        return result;
    }

    /** The quantities that every pass of the norm-ReLU-pool recomputes from z. */
    private record Normalised(INDArray hat, INDArray inverse, INDArray scale, INDArray mask) {

        static Normalised of(InstanceNorm norm) {
            INDArray mean = statistic(norm, 0);
            INDArray inverse = statistic(norm, 1);
            INDArray hat = array(norm.z()).sub(mean).muli(inverse);
            INDArray scale = plane(norm.affine().scale());
            INDArray mask = positive(hat.mul(scale).addi(plane(norm.affine().shift())));
            return new Normalised(hat, inverse, scale, mask);
        }

        /**
         * Returns the part of y that is orthogonal to constant planes and to hat; the derivative of the normalisation
         * discards the rest.
         */
        INDArray project(INDArray y) {
            return y.sub(mean(y)).subi(hat.mul(mean(y.mul(hat))));
        }

        INDArray hatDot(NormDerivative normDot) {
            return project(array(normDot.z())).muli(inverse);
        }
    }

    /** Opens the ND4J workspace for temporaries, which every kernel call reuses. */
    private static MemoryWorkspace temporaries() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(TEMPORARIES, "REVERIE_KERNEL");
    }
}
