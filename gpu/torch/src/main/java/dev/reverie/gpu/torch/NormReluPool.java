package dev.reverie.gpu.torch;

import static dev.reverie.gpu.torch.TorchValue.value;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
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

    private NormReluPool(Tensor z, Tensor hat, Tensor inverse, Affine affine) {
        this.z = z;
        this.hat = hat;
        this.inverse = inverse;
        this.scale = channels(value(affine.scale()));
        this.activation = torch.addcmul(channels(value(affine.shift())), hat, scale);
        this.pixels = z.size(2) * z.size(3);
    }

    /** Normalises z, and writes the statistics, {@code [n, c, 2]}. */
    static NormReluPool normalising(Tensor z, Affine affine, Tensor statistics) {
        long n = z.size(0);
        long c = z.size(1);
        long[] plane = {z.size(2) * z.size(3)};
        var normalised = torch.native_layer_norm(
                z.reshape(n * c, plane[0]), plane, new TensorOptional(), new TensorOptional(), Kernels.EPSILON);
        Tensor inverse = normalised.get2().view(n, c);
        statistics.copy_(torch.stack(new TensorVector(normalised.get1().view(n, c), inverse), 2));
        return new NormReluPool(z, normalised.get0().view_as(z), planes(inverse), affine);
    }

    /** Normalises z with known statistics. */
    static NormReluPool of(Tensor z, Affine affine, Tensor statistics) {
        Tensor inverse = planes(statistics.select(2, 1));
        return new NormReluPool(z, z.sub(planes(statistics.select(2, 0))).mul_(inverse), inverse, affine);
    }

    Tensor output() {
        return pool(torch.relu(activation));
    }

    /** The result of the affine map, after a ReLU if {@code rectified}; it is not pooled. */
    Tensor normalised(boolean rectified) {
        return rectified ? torch.relu(activation) : activation;
    }

    /** Writes the derivatives with respect to z, scale and shift. */
    void gradient(Tensor dp, Tensor dz, Affine dAffine) {
        gradientOfNormalised(unpool(dp), dz, dAffine);
    }

    /** Writes the derivatives of {@link #normalised} from dy, that with respect to its result. */
    void gradientOfNormalised(boolean rectified, Tensor dy, Tensor dz, Affine dAffine) {
        gradientOfNormalised(rectified ? masked(dy) : dy, dz, dAffine);
    }

    /** Writes the derivatives with respect to z, scale and shift from da, that with respect to a. */
    private void gradientOfNormalised(Tensor da, Tensor dz, Affine dAffine) {
        Tensor sum = sum(da);
        Tensor alongHat = dot(da, hat);
        value(dAffine.scale()).copy_(byChannel(alongHat));
        value(dAffine.shift()).copy_(byChannel(sum));
        Tensor factor = scale.mul(inverse);
        dz.copy_(torch.addcmul(
                torch.addcmul(
                        factor.mul(mean(sum)).neg(),
                        hat,
                        factor.mul(mean(alongHat)).neg()),
                da,
                factor));
    }

    /** Returns the change of the output. */
    Tensor tangent(Tensor zDot, Affine affineDot) {
        Tensor factor = scale.mul(inverse);
        Tensor constant = channels(value(affineDot.shift())).sub(factor.mul(mean(sum(zDot))));
        Tensor ofHat = channels(value(affineDot.scale())).sub(factor.mul(mean(dot(zDot, hat))));
        return pool(masked(torch.addcmul(torch.addcmul(constant, hat, ofHat), zDot, factor)));
    }

    /** Writes the changes of the derivatives with respect to z, scale and shift. */
    void gradientTangent(Tensor zDot, Affine affineDot, Tensor dp, Tensor dpDot, Tensor dzDot, Affine dAffineDot) {
        Tensor scaleDot = channels(value(affineDot.scale()));
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
        value(dAffineDot.scale())
                .copy_(byChannel(daDotAlongHat.add(daAlongHatDot).mul(pixelCount())));
        value(dAffineDot.shift()).copy_(byChannel(daDotMean.mul(pixelCount())));

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
        dzDot.copy_(sum.addcmul_(da, ofDa).addcmul_(daDot, ofDaDot));
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
