package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The norm-ReLU-pool of a block, and its derivatives. Notation as in {@link Kernels}; the caller opens the workspace
 * for temporaries.
 *
 * @param hat the normalised planes, {@code [n, c, h, w]}
 * @param inverse inverse standard deviation of each plane, {@code [n, c, 1, 1]}
 * @param scale scale of the affine map, {@code [1, c, 1, 1]}
 * @param activation the input of the ReLU, {@code [n, c, h, w]}
 */
record Nd4jNormReluPool(INDArray hat, INDArray inverse, INDArray scale, INDArray activation) {

    /** Normalises z, and writes the statistics. */
    static Nd4jNormReluPool normalising(InstanceNorm norm) {
        INDArray z = array(norm.z());
        INDArray mean = mean(z);
        INDArray centred = z.sub(mean);
        INDArray inverse = Transforms.sqrt(mean(centred.mul(centred)).addi(Kernels.EPSILON))
                .rdivi(1);
        INDArray statistics = array(norm.statistics());
        statistics.get(all(), all(), interval(0, 1)).assign(mean.reshape(mean.size(0), mean.size(1), 1));
        statistics.get(all(), all(), interval(1, 2)).assign(inverse.reshape(mean.size(0), mean.size(1), 1));
        return of(centred.muli(inverse), inverse, norm);
    }

    /** Normalises z with known statistics. */
    static Nd4jNormReluPool of(InstanceNorm norm) {
        INDArray inverse = statistic(norm, 1);
        return of(array(norm.z()).sub(statistic(norm, 0)).muli(inverse), inverse, norm);
    }

    private static Nd4jNormReluPool of(INDArray hat, INDArray inverse, InstanceNorm norm) {
        INDArray scale = channels(norm.affine().scale());
        return new Nd4jNormReluPool(
                hat, inverse, scale, hat.mul(scale).addi(channels(norm.affine().shift())));
    }

    /** The first or the second statistic of each plane, {@code [n, c, 1, 1]}. */
    private static INDArray statistic(InstanceNorm norm, int index) {
        return array(norm.statistics())
                .get(all(), all(), interval(index, index + 1L))
                .dup('c')
                .reshape(norm.z().dimension(0), norm.z().dimension(1), 1, 1);
    }

    INDArray output() {
        return pool(normalised(true));
    }

    /** The result of the affine map, after a ReLU if {@code rectified}; it is not pooled. */
    INDArray normalised(boolean rectified) {
        return rectified ? activation.mul(positive(activation)) : activation;
    }

    void gradient(Tensor dp, NormDerivative dNorm) {
        gradientOfNormalised(masked(unpool(dp)), dNorm);
    }

    /** Writes the derivatives of {@link #normalised} from dy, that with respect to its result. */
    void gradientOfNormalised(boolean rectified, Tensor dy, NormDerivative dNorm) {
        gradientOfNormalised(rectified ? masked(array(dy).dup()) : array(dy), dNorm);
    }

    private void gradientOfNormalised(INDArray da, NormDerivative dNorm) {
        array(dNorm.affine().scale()).assign(da.mul(hat).sum(0, 2, 3));
        array(dNorm.affine().shift()).assign(da.sum(0, 2, 3));
        array(dNorm.z()).assign(project(da.mul(scale)).muli(inverse));
    }

    INDArray tangent(NormDerivative normDot) {
        return pool(masked(hatDot(normDot)
                .mul(scale)
                .addi(hat.mul(channels(normDot.affine().scale())))
                .addi(channels(normDot.affine().shift()))));
    }

    void gradientTangent(NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        INDArray hatDot = hatDot(normDot);
        INDArray da = masked(unpool(dp));
        INDArray daDot = masked(unpool(dpDot));
        array(dNormDot.affine().scale())
                .assign(daDot.mul(hat).addi(da.mul(hatDot)).sum(0, 2, 3));
        array(dNormDot.affine().shift()).assign(daDot.sum(0, 2, 3));

        INDArray dHat = da.mul(scale);
        INDArray dHatDot =
                daDot.mul(scale).addi(da.mul(channels(normDot.affine().scale())));
        // the tangent of inverse * (dHat - mean(dHat) - hat * mean(dHat * hat)), factor by factor
        INDArray inverseDot =
                inverse.mul(inverse).muli(mean(hat.mul(array(normDot.z())))).negi();
        INDArray correlation = mean(dHat.mul(hat));
        INDArray correlationDot = mean(dHatDot.mul(hat).addi(dHat.mul(hatDot)));
        INDArray projectedDot =
                dHatDot.sub(mean(dHatDot)).subi(hatDot.mul(correlation)).subi(hat.mul(correlationDot));
        array(dNormDot.z()).assign(project(dHat).muli(inverseDot).addi(projectedDot.muli(inverse)));
    }

    /**
     * Returns the part of y that is orthogonal to constant planes and to hat; the derivative of the normalisation
     * discards the rest.
     */
    private INDArray project(INDArray y) {
        return y.sub(mean(y)).subi(hat.mul(mean(y.mul(hat))));
    }

    private INDArray hatDot(NormDerivative normDot) {
        return project(array(normDot.z())).muli(inverse);
    }

    /** Sets planes to zero where the ReLU does. */
    private INDArray masked(INDArray planes) {
        return planes.muli(positive(activation));
    }

    private INDArray unpool(Tensor dp) {
        INDArray result = Nd4j.zeros(activation.dataType(), activation.shape());
        INDArray spread = array(dp).mul(0.25).repeat(2, 2).repeat(3, 2);
        result.get(all(), all(), interval(0, spread.size(2)), interval(0, spread.size(3)))
                .assign(spread);
        return result;
    }

    private static INDArray pool(INDArray a) {
        long height = a.size(2) / 2;
        long width = a.size(3) / 2;
        return a.get(all(), all(), interval(0, 2 * height), interval(0, 2 * width))
                .dup('c')
                .reshape(a.size(0), a.size(1), height, 2, width, 2)
                .mean(3, 5);
    }

    /** The mean of each plane, {@code [n, c, 1, 1]}. */
    private static INDArray mean(INDArray planes) {
        return planes.mean(true, 2, 3);
    }

    /** One where x is positive, and zero elsewhere. */
    static INDArray positive(INDArray x) {
        return x.gt(0).castTo(x.dataType());
    }

    /** One value per channel as {@code [1, c, 1, 1]}. */
    static INDArray channels(Tensor vector) {
        return array(vector).reshape(1, vector.dimension(0), 1, 1);
    }
}
