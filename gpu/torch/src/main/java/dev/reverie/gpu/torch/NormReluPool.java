package dev.reverie.gpu.torch;

import static dev.reverie.gpu.torch.TorchValue.value;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The norm-ReLU-pool of a block, and its derivatives. Every image-sized result is a sum of image-sized operands with
 * one factor per plane, so that the planes are read as few times as libtorch's operations allow. Notation as in
 * {@link Kernels}; the caller opens the scope that frees all temporaries.
 */
final class NormReluPool {

    private static final long[] POOL = {2, 2};
    private static final long[] NONE = {0, 0};

    private final Tensor z;
    /** The normalised planes, {@code [n, c, h, w]}. */
    private final Tensor hat;
    /** Inverse standard deviation, {@code [n, c, 1, 1]}. */
    private final Tensor inverse;
    /** The input of the ReLU, called a, {@code [n, c, h, w]}. */
    private final Tensor activation;
    /** Scale of the affine map, {@code [1, c, 1, 1]}. */
    private final Tensor scale;

    private final long pixels;

    private NormReluPool(Tensor hat, Tensor inverse, InstanceNorm norm) {
        this.z = value(norm.z());
        this.hat = hat;
        this.inverse = inverse;
        this.scale = channels(value(norm.affine().scale()));
        this.activation = torch.addcmul(channels(value(norm.affine().shift())), hat, scale);
        this.pixels = z.size(2) * z.size(3);
    }

    /** Normalises z, and writes the statistics. */
    static NormReluPool normalising(InstanceNorm norm) {
        Tensor z = value(norm.z());
        long n = z.size(0);
        long c = z.size(1);
        long[] plane = {z.size(2) * z.size(3)};
        var normalised = torch.native_layer_norm(
                z.reshape(n * c, plane[0]), plane, new TensorOptional(), new TensorOptional(), Kernels.EPSILON);
        Tensor inverse = normalised.get2().view(n, c);
        value(norm.statistics())
                .copy_(torch.stack(new TensorVector(normalised.get1().view(n, c), inverse), 2));
        return new NormReluPool(normalised.get0().view_as(z), planes(inverse), norm);
    }

    /** Normalises z with known statistics. */
    static NormReluPool of(InstanceNorm norm) {
        Tensor mean = planes(value(norm.statistics()).select(2, 0));
        Tensor inverse = planes(value(norm.statistics()).select(2, 1));
        return new NormReluPool(value(norm.z()).sub(mean).mul_(inverse), inverse, norm);
    }

    Tensor output() {
        return pool(torch.relu(activation));
    }

    /** The result of the affine map, after a ReLU if {@code rectified}; it is not pooled. */
    Tensor normalised(boolean rectified) {
        return rectified ? torch.relu(activation) : activation;
    }

    /** Writes the derivatives with respect to z, scale and shift. */
    void gradient(Tensor dp, NormDerivative dNorm) {
        gradientOfNormalised(unpool(dp), dNorm);
    }

    /** Writes the derivatives of {@link #normalised} from dy, that with respect to its result. */
    void gradientOfNormalised(boolean rectified, Tensor dy, NormDerivative dNorm) {
        gradientOfNormalised(rectified ? masked(dy) : dy, dNorm);
    }

    /** Writes the derivatives with respect to z, scale and shift from da, that with respect to a. */
    private void gradientOfNormalised(Tensor da, NormDerivative dNorm) {
        Tensor sum = sum(da);
        Tensor alongHat = dot(da, hat);
        value(dNorm.affine().scale()).copy_(byChannel(alongHat));
        value(dNorm.affine().shift()).copy_(byChannel(sum));
        Tensor factor = scale.mul(inverse);
        value(dNorm.z())
                .copy_(torch.addcmul(
                        torch.addcmul(
                                factor.mul(mean(sum)).neg(),
                                hat,
                                factor.mul(mean(alongHat)).neg()),
                        da,
                        factor));
    }

    /** Returns the change of the output. */
    Tensor tangent(NormDerivative normDot) {
        Tensor zDot = value(normDot.z());
        Tensor factor = scale.mul(inverse);
        Tensor constant = channels(value(normDot.affine().shift())).sub(factor.mul(mean(sum(zDot))));
        Tensor ofHat = channels(value(normDot.affine().scale())).sub(factor.mul(mean(dot(zDot, hat))));
        return pool(masked(torch.addcmul(torch.addcmul(constant, hat, ofHat), zDot, factor)));
    }

    /** Writes the changes of the derivatives with respect to z, scale and shift. */
    void gradientTangent(NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        Tensor zDot = value(normDot.z());
        Tensor scaleDot = channels(value(normDot.affine().scale()));
        Tensor da = unpool(dp);
        Tensor daDot = unpool(dpDot);
        Tensor daMean = mean(sum(da));
        Tensor daAlongHat = mean(dot(da, hat));
        Tensor daDotMean = mean(sum(daDot));
        Tensor daDotAlongHat = mean(dot(daDot, hat));
        Tensor zDotMean = mean(sum(zDot));
        Tensor zDotAlongHat = mean(dot(zDot, hat));
        // hatDot = inverse (zDot - zDotMean - zDotAlongHat hat), and its product with da
        Tensor daAlongHatDot =
                inverse.mul(mean(dot(da, zDot)).sub(zDotMean.mul(daMean)).sub(zDotAlongHat.mul(daAlongHat)));
        value(dNormDot.affine().scale())
                .copy_(byChannel(daDotAlongHat.add(daAlongHatDot).mul(pixelCount())));
        value(dNormDot.affine().shift()).copy_(byChannel(daDotMean.mul(pixelCount())));

        Tensor inverseDot = inverse.mul(inverse).mul(zDotAlongHat).neg();
        Tensor correlation = scale.mul(daAlongHat);
        Tensor correlationDot = scale.mul(daDotAlongHat.add(daAlongHatDot)).add(scaleDot.mul(daAlongHat));
        Tensor ofDa = inverseDot.mul(scale).add(inverse.mul(scaleDot));
        Tensor ofDaDot = inverse.mul(scale);
        Tensor ofZDot = inverse.mul(inverse).mul(correlation).neg();
        Tensor ofHat = inverse.mul(inverse.mul(correlation).mul(zDotAlongHat).sub(correlationDot))
                .sub(inverseDot.mul(correlation));
        Tensor constant = inverse.mul(inverse.mul(correlation).mul(zDotMean))
                .sub(inverse.mul(scale.mul(daDotMean).add(scaleDot.mul(daMean))))
                .sub(inverseDot.mul(scale).mul(daMean));
        Tensor sum = torch.addcmul(torch.addcmul(constant, hat, ofHat), zDot, ofZDot);
        value(dNormDot.z()).copy_(sum.addcmul_(da, ofDa).addcmul_(daDot, ofDaDot));
    }

    private Tensor unpool(Tensor dp) {
        return masked(torch.avg_pool2d_backward(dp, z, POOL, POOL, NONE, false, true, new LongOptional()));
    }

    private Tensor masked(Tensor planes) {
        return torch.threshold_backward(planes, activation, new Scalar(0.0));
    }

    private static Tensor pool(Tensor planes) {
        return torch.avg_pool2d(planes, POOL, POOL, NONE, false, true, new LongOptional());
    }

    /** The sum of each plane, {@code [n, c, 1, 1]}. */
    private static Tensor sum(Tensor planes) {
        return torch.sum(planes, new long[] {2, 3}, true, new ScalarTypeOptional());
    }

    /** The inner product of each plane with another, {@code [n, c, 1, 1]}. */
    private static Tensor dot(Tensor one, Tensor other) {
        return planes(torch.linalg_vecdot(one.flatten(2, 3), other.flatten(2, 3), -1));
    }

    private Tensor mean(Tensor sum) {
        return sum.div(pixelCount());
    }

    private Scalar pixelCount() {
        return new Scalar((double) pixels);
    }

    private static Tensor byChannel(Tensor ofPlanes) {
        return torch.sum(ofPlanes, 0, 2, 3);
    }

    private static Tensor planes(Tensor matrix) {
        return matrix.unsqueeze(2).unsqueeze(3);
    }

    /** One value per channel as {@code [1, c, 1, 1]}. */
    static Tensor channels(Tensor vector) {
        return vector.view(1, vector.size(0), 1, 1);
    }
}
