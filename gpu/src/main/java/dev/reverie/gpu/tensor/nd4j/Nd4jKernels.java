package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
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
    public void normReluPool(Tensor z, Affine affine, Tensor statistics, Tensor p) {
        try (MemoryWorkspace scope = temporaries()) {
            INDArray activation = normalised(z, affine, statistics);
            array(p).assign(pool(activation.mul(positive(activation))));
        }
    }

    /** Normalises z, writes its statistics, and returns the result of the affine map. */
    private static INDArray normalised(Tensor z, Affine affine, Tensor statistics) {
        INDArray mean = array(z).mean(true, 2, 3);
        INDArray centred = array(z).sub(mean);
        INDArray inverse = Transforms.sqrt(centred.mul(centred).mean(true, 2, 3).addi(EPSILON))
                .rdivi(1);
        array(statistics).get(all(), all(), interval(0, 1)).assign(mean.reshape(mean.size(0), mean.size(1), 1));
        array(statistics).get(all(), all(), interval(1, 2)).assign(inverse.reshape(mean.size(0), mean.size(1), 1));
        return centred.mul(inverse).muli(plane(affine.scale())).addi(plane(affine.shift()));
    }

    @Override
    public void normReluPoolGradient(Tensor z, Tensor statistics, Affine affine, Tensor dp, Tensor dz, Affine dAffine) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(z, statistics, affine);
            INDArray da = unpool(dp, z).muli(x.mask);
            normaliseGradient(x, da, dz, dAffine);
        }
    }

    private static void normaliseGradient(Normalised x, INDArray da, Tensor dz, Affine dAffine) {
        array(dAffine.scale()).assign(da.mul(x.hat).sum(0, 2, 3));
        array(dAffine.shift()).assign(da.sum(0, 2, 3));
        INDArray dHat = da.mul(x.scale);
        array(dz).assign(x.project(dHat).muli(x.inverse));
    }

    @Override
    public void normReluPoolTangent(
            Tensor z, Tensor statistics, Affine affine, Tensor zDot, Affine affineDot, Tensor pDot) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(z, statistics, affine);
            INDArray hatDot = x.hatDot(zDot);
            INDArray activationDot = hatDot.mul(x.scale)
                    .addi(x.hat.mul(plane(affineDot.scale())))
                    .addi(plane(affineDot.shift()));
            array(pDot).assign(pool(activationDot.muli(x.mask)));
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            Tensor z,
            Tensor statistics,
            Affine affine,
            Tensor zDot,
            Affine affineDot,
            Tensor dp,
            Tensor dpDot,
            Tensor dzDot,
            Affine dAffineDot) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(z, statistics, affine);
            INDArray hatDot = x.hatDot(zDot);
            INDArray da = unpool(dp, z).muli(x.mask);
            INDArray daDot = unpool(dpDot, z).muli(x.mask);
            array(dAffineDot.scale())
                    .assign(daDot.mul(x.hat).addi(da.mul(hatDot)).sum(0, 2, 3));
            array(dAffineDot.shift()).assign(daDot.sum(0, 2, 3));

            INDArray dHat = da.mul(x.scale);
            INDArray dHatDot = daDot.mul(x.scale).addi(da.mul(plane(affineDot.scale())));
            // the tangent of inverse * (dHat - mean(dHat) - hat * mean(dHat * hat)), factor by factor
            INDArray inverseDot =
                    x.inverse.mul(x.inverse).muli(mean(x.hat.mul(array(zDot)))).negi();
            INDArray correlation = mean(dHat.mul(x.hat));
            INDArray correlationDot = mean(dHatDot.mul(x.hat).addi(dHat.mul(hatDot)));
            INDArray projectedDot =
                    dHatDot.sub(mean(dHatDot)).subi(hatDot.mul(correlation)).subi(x.hat.mul(correlationDot));
            array(dzDot).assign(x.project(dHat).muli(inverseDot).addi(projectedDot.muli(x.inverse)));
        }
    }

    @Override
    public void normalise(Tensor z, Affine affine, boolean rectified, Tensor statistics, Tensor y) {
        try (MemoryWorkspace scope = temporaries()) {
            INDArray activation = normalised(z, affine, statistics);
            array(y).assign(rectified ? activation.mul(positive(activation)) : activation);
        }
    }

    @Override
    public void normaliseGradient(
            Tensor z, Tensor statistics, Affine affine, boolean rectified, Tensor dy, Tensor dz, Affine dAffine) {
        try (MemoryWorkspace scope = temporaries()) {
            Normalised x = Normalised.of(z, statistics, affine);
            normaliseGradient(x, rectified ? array(dy).mul(x.mask) : array(dy), dz, dAffine);
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
    public void addMomentsGradient(Tensor z, Tensor statistics, Moments byMoments, Tensor dz) {
        try (MemoryWorkspace scope = temporaries()) {
            long pixels = (long) z.dimension(2) * z.dimension(3);
            INDArray hat = array(z).sub(statistic(statistics, 0)).muli(statistic(statistics, 1));
            INDArray change = hat.muli(plane(byMoments.deviation())).addi(plane(byMoments.mean()));
            array(dz).addi(change.divi(pixels));
        }
    }

    @Override
    public void multiply(Tensor a, boolean transposeA, Tensor b, boolean transposeB, boolean accumulate, Tensor out) {
        INDArray left = transposeA ? array(a).transpose() : array(a);
        INDArray right = transposeB ? array(b).transpose() : array(b);
        // BLAS writes column-major, and the row-major product a b is the column-major product b' a'
        Nd4j.gemm(right.transpose(), left.transpose(), array(out).transpose(), false, false, 1, accumulate ? 1 : 0);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        array(y).addi(array(x));
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, double rate, double momentum, double decay) {
        try (MemoryWorkspace scope = temporaries()) {
            array(v).muli(momentum).addi(array(g)).addi(array(p).mul(decay));
            array(p).subi(array(v).mul(rate));
        }
    }

    private static INDArray plane(Tensor perChannel) {
        return array(perChannel).reshape(1, perChannel.dimension(0), 1, 1);
    }

    /** The first or the second statistic of each plane, {@code [n, c, 1, 1]}. */
    private static INDArray statistic(Tensor statistics, int index) {
        return array(statistics)
                .get(all(), all(), interval(index, index + 1L))
                .dup('c')
                .reshape(statistics.dimension(0), statistics.dimension(1), 1, 1);
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

        static Normalised of(Tensor z, Tensor statistics, Affine affine) {
            INDArray mean = statistic(statistics, 0);
            INDArray inverse = statistic(statistics, 1);
            INDArray hat = array(z).sub(mean).muli(inverse);
            INDArray scale = plane(affine.scale());
            INDArray mask = positive(hat.mul(scale).addi(plane(affine.shift())));
            return new Normalised(hat, inverse, scale, mask);
        }

        /**
         * Returns the part of y that is orthogonal to constant planes and to hat; the derivative of the normalisation
         * discards the rest.
         */
        INDArray project(INDArray y) {
            return y.sub(mean(y)).subi(hat.mul(mean(y.mul(hat))));
        }

        INDArray hatDot(Tensor zDot) {
            return project(array(zDot)).muli(inverse);
        }
    }

    /** Opens the ND4J workspace for temporaries, which every kernel call reuses. */
    private static MemoryWorkspace temporaries() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(TEMPORARIES, "REVERIE_KERNEL");
    }
}
