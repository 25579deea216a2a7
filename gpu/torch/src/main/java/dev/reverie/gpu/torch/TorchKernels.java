package dev.reverie.gpu.torch;

import static dev.reverie.gpu.torch.TorchValue.images;
import static dev.reverie.gpu.torch.TorchValue.value;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Implements all kernels with operations of libtorch, on any device and for both precisions. */
class TorchKernels implements Kernels {

    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};

    /** Number of channels in a block of oneDNN. */
    private static final int BLOCK = 16;

    /** Up to this number of channels, oneDNN reads images without blocks. */
    private static final int IMAGE_CHANNELS = 4;

    private final Precision precision;
    private final TorchMemory memory;

    TorchKernels(Precision precision, TorchMemory memory) {
        this.precision = precision;
        this.memory = memory;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Tensor allocate(int... shape) {
        return memory.allocate(precision, shape);
    }

    @Override
    public void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        try (PointerScope _ = new PointerScope()) {
            var operand = images(x);
            var weights = images(w);
            if (x.dimension(1) > IMAGE_CHANNELS) {
                operand = wholeBlocks(operand, 1);
                weights = wholeBlocks(weights, 1);
            }
            set(
                    y,
                    torch.conv2d(
                            cropped(operand, padding), weights, new TensorOptional(), ONE, padded(padding), ONE, 1));
        }
    }

    /**
     * Adds channels of zeros, over which a convolution sums, until their number is a multiple of a block of oneDNN.
     * oneDNN 3.7.1 adds them as well, but on some processors it does not clear them, and its sums are wrong.
     */
    private org.bytedeco.pytorch.Tensor wholeBlocks(org.bytedeco.pytorch.Tensor tensor, int dimension) {
        long missing = Math.floorMod(-tensor.size(dimension), (long) BLOCK);
        if (missing == 0 || precision == Precision.DOUBLE || !tensor.is_cpu()) {
            return tensor;
        }
        long[] margins = new long[2 * (int) (tensor.dim() - dimension)]; // before and after, the last dimension first
        margins[margins.length - 1] = missing;
        return torch.constant_pad_nd(tensor, margins);
    }

    /** Sets all elements of a tensor; a device need not copy them. */
    static void set(Tensor tensor, org.bytedeco.pytorch.Tensor result) {
        if (tensor instanceof TorchDeviceTensor onDevice) {
            onDevice.become(result);
        } else {
            value(tensor).copy_(result);
        }
    }

    /** The images without the rows and columns that a negative padding crops. */
    private static org.bytedeco.pytorch.Tensor cropped(org.bytedeco.pytorch.Tensor x, int padding) {
        return padding >= 0
                ? x
                : x.narrow(2, -padding, x.size(2) + 2L * padding)
                        .narrow(3, -padding, x.size(3) + 2L * padding)
                        .contiguous();
    }

    private static long[] padded(int padding) {
        long sides = Math.max(0, padding);
        return new long[] {sides, sides};
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        try (PointerScope _ = new PointerScope()) {
            value(adjoint).copy_(value(w).transpose(0, 1).flip(2, 3));
        }
    }

    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        try (PointerScope _ = new PointerScope()) {
            // the values of the weights do not matter, only their shape
            set(dw, gradients(images(x), images(dw), images(dy), padding, false).get1());
        }
    }

    @Override
    public void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        try (PointerScope _ = new PointerScope()) {
            var gradients = gradients(images(x), wholeBlocks(images(w), 0), wholeBlocks(images(dy), 1), padding, true);
            set(dx, gradients.get0());
            set(dw, gradients.get1().narrow(0, 0, w.dimension(0)));
        }
    }

    private static org.bytedeco.pytorch.T_TensorTensorTensor_T gradients(
            org.bytedeco.pytorch.Tensor x,
            org.bytedeco.pytorch.Tensor w,
            org.bytedeco.pytorch.Tensor dy,
            int padding,
            boolean byInput) {
        return torch.convolution_backward(
                dy,
                x,
                w,
                new LongArrayRefOptional(),
                ONE,
                padded(padding),
                ONE,
                false,
                NONE,
                1,
                new BoolPointer(3).put(0, byInput).put(1, true).put(2, false));
    }

    @Override
    public void normReluPool(InstanceNorm norm, Tensor p) {
        try (PointerScope _ = new PointerScope()) {
            value(p).copy_(NormReluPool.normalising(norm).output());
        }
    }

    @Override
    public void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        try (PointerScope _ = new PointerScope()) {
            NormReluPool.of(norm).gradient(value(dp), dNorm);
        }
    }

    @Override
    public void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        try (PointerScope _ = new PointerScope()) {
            value(pDot).copy_(NormReluPool.of(norm).tangent(normDot));
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        try (PointerScope _ = new PointerScope()) {
            NormReluPool.of(norm).gradientTangent(normDot, value(dp), value(dpDot), dNormDot);
        }
    }

    @Override
    public void normalise(InstanceNorm norm, boolean rectified, Tensor y) {
        try (PointerScope _ = new PointerScope()) {
            value(y).copy_(NormReluPool.normalising(norm).normalised(rectified));
        }
    }

    @Override
    public void normaliseGradient(InstanceNorm norm, boolean rectified, Tensor dy, NormDerivative dNorm) {
        try (PointerScope _ = new PointerScope()) {
            NormReluPool.of(norm).gradientOfNormalised(rectified, value(dy), dNorm);
        }
    }

    @Override
    public void addAndRectify(Tensor x, Tensor y) {
        try (PointerScope _ = new PointerScope()) {
            value(y).add_(value(x)).relu_();
        }
    }

    @Override
    public void rectifyGradient(Tensor y, Tensor dy) {
        try (PointerScope _ = new PointerScope()) {
            value(dy).copy_(torch.threshold_backward(value(dy), value(y), new Scalar(0.0)));
        }
    }

    @Override
    public void averagePool(Tensor x, Window window, Tensor p) {
        try (PointerScope _ = new PointerScope()) {
            long[] sides = {window.height(), window.width()};
            value(p).copy_(torch.avg_pool2d(value(x), sides, sides, NONE, false, true, new LongOptional()));
        }
    }

    @Override
    public void averagePoolGradient(Tensor dp, Window window, Tensor dx) {
        try (PointerScope _ = new PointerScope()) {
            long[] sides = {window.height(), window.width()};
            // the values of the input do not matter, only its shape
            value(dx)
                    .copy_(torch.avg_pool2d_backward(
                            value(dp), value(dx), sides, sides, NONE, false, true, new LongOptional()));
        }
    }

    @Override
    public void gram(Tensor z, double[] weights, Tensor gram) {
        try (PointerScope _ = new PointerScope()) {
            var planes = value(z).flatten(2, 3);
            var weight = besides(planes, weights, weights.length, 1, 1);
            value(gram).copy_(torch.sum(torch.bmm(planes.mul(weight), planes.transpose(1, 2)), 0));
        }
    }

    /** Copies values from the heap to a tensor of a shape where another one is, in the precision of that. */
    static org.bytedeco.pytorch.Tensor besides(org.bytedeco.pytorch.Tensor other, double[] values, long... shape) {
        return torch.from_blob(new DoublePointer(values), shape, new TensorOptions(torch.ScalarType.Double))
                .to(other.device(), other.scalar_type());
    }

    @Override
    public void addGramGradient(Tensor z, Tensor dGram, Tensor dz) {
        try (PointerScope _ = new PointerScope()) {
            value(dz).flatten(2, 3).add_(torch.matmul(value(dGram), value(z).flatten(2, 3)));
        }
    }

    @Override
    public void addMomentsGradient(InstanceNorm norm, Moments byMoments, Tensor dz) {
        try (PointerScope _ = new PointerScope()) {
            Scalar pixels = new Scalar((double) dz.dimension(2) * dz.dimension(3));
            var mean = NormReluPool.channels(value(byMoments.mean())).div(pixels);
            var deviation = NormReluPool.channels(value(byMoments.deviation())).div(pixels);
            var ofPlanes = value(norm.statistics()).unsqueeze(3).unsqueeze(4);
            var hat = value(norm.z()).sub(ofPlanes.select(2, 0)).mul_(ofPlanes.select(2, 1));
            value(dz).addcmul_(hat, deviation).add_(mean);
        }
    }

    @Override
    public void multiply(Factor a, Factor b, boolean accumulate, Tensor out) {
        try (PointerScope _ = new PointerScope()) {
            if (accumulate) {
                value(out).addmm_(factor(a), factor(b));
            } else {
                torch.mm_out(value(out), factor(a), factor(b));
            }
        }
    }

    private static org.bytedeco.pytorch.Tensor factor(Factor factor) {
        var matrix = value(factor.matrix());
        return factor.isTransposed() ? matrix.t() : matrix;
    }

    @Override
    public void add(Tensor x, Tensor y) {
        value(y).add_(value(x));
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, Sgd sgd) {
        try (PointerScope _ = new PointerScope()) {
            value(v).mul_(new Scalar(sgd.momentum())).add_(value(g)).add_(value(p), new Scalar(sgd.decay()));
            value(p).add_(value(v), new Scalar(-sgd.rate()));
        }
    }
}
