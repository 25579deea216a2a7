package dev.reverie.gpu.torch;

import static dev.reverie.gpu.torch.TorchValue.value;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.BatchLimit;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The kernels on libtorch for tensors that are not on the host. */
class TorchDeviceKernels extends TorchKernels implements DeviceKernels {

    /** What libtorch, CUDA's runtime, cuBLAS and cuDNN report if the memory of a GPU is full. */
    private static final List<String> FULL =
            List.of("out of memory", "STATUS_ALLOC_FAILED", "DEVICE_ALLOCATION_FAILED");

    /** Tensor cores read rows whose length is a multiple of four. */
    private static final int NEIGHBOUR_CHANNELS = 4;

    /** From this number of units on, neighbourhoods take little memory compared with the outputs. */
    private static final int MANY_UNITS = 64;

    private final TorchMemory memory;

    TorchDeviceKernels(Precision precision, TorchMemory memory) {
        super(precision, memory);
        this.memory = memory;
    }

    @Override
    public void useOnThisThread() {
        memory.useOnThisThread();
    }

    @Override
    public BatchLimit batchLimit() {
        return memory.batchLimit();
    }

    /** JavaCPP throws a {@link RuntimeException} with the message of the C++ exception and, below it, its frames. */
    @Override
    public boolean isFull(Throwable failure) {
        return failure.getClass() == RuntimeException.class
                && String.valueOf(failure.getMessage()).lines().limit(1).anyMatch(message -> FULL.stream()
                        .anyMatch(message::contains));
    }

    @Override
    public void freeUnused() {
        memory.freeUnused();
    }

    @Override
    public double[] distances(
            GradientDistance distance, List<Tensor> real, List<Tensor> synthetic, List<Tensor> derivatives) {
        try (PointerScope _ = new PointerScope()) {
            TensorVector sums = new TensorVector();
            for (int weight = 0; weight < derivatives.size(); weight++) {
                UnitDistances units = UnitDistances.of(distance, units(real.get(weight)), units(synthetic.get(weight)));
                var derivative = value(derivatives.get(weight));
                derivative.copy_(units.derivative().view_as(derivative));
                sums.push_back(sum(units.terms()));
            }
            return onHost(torch.stack(sums));
        }
    }

    /** The units of a weight as the rows of a matrix in double precision. */
    private static org.bytedeco.pytorch.Tensor units(Tensor weight) {
        return value(weight).flatten(1, -1).to(torch.ScalarType.Double);
    }

    /**
     * A convolution of few channels has a gradient of few columns, which libraries compute slowly as one of
     * convolutions. It is also the product of the derivatives, one row per pixel, with the neighbourhoods of the
     * pixels.
     */
    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        if (x.dimension(1) > NEIGHBOUR_CHANNELS || dw.dimension(0) < MANY_UNITS || dw.dimension(2) != KERNEL) {
            super.weightGradient(x, dy, padding, dw);
            return;
        }
        try (PointerScope _ = new PointerScope()) {
            var cotangents = TorchValue.images(dy).permute(0, 2, 3, 1).flatten(0, 2);
            set(
                    dw,
                    torch.mm(cotangents.t(), neighbourhoods(TorchValue.images(x), padding))
                            .view(dw.dimension(0), KERNEL, KERNEL, NEIGHBOUR_CHANNELS)
                            .narrow(3, 0, dw.dimension(1))
                            .permute(0, 3, 1, 2));
        }
    }

    /** For each pixel of a convolution, a row with the 3x3 pixels of its input, with four channels each. */
    private static org.bytedeco.pytorch.Tensor neighbourhoods(org.bytedeco.pytorch.Tensor x, int padding) {
        var padded = torch.constant_pad_nd(
                        x.permute(0, 2, 3, 1),
                        new long[] {0, NEIGHBOUR_CHANNELS - x.size(1), padding, padding, padding, padding})
                .contiguous();
        long row = padded.size(2) * NEIGHBOUR_CHANNELS;
        long image = padded.size(1) * row;
        long[] shape = {
            padded.size(0),
            padded.size(1) - KERNEL + 1,
            padded.size(2) - KERNEL + 1,
            KERNEL,
            (long) KERNEL * NEIGHBOUR_CHANNELS
        };
        long[] steps = {image, row, NEIGHBOUR_CHANNELS, row, 1};
        return padded.as_strided(shape, steps).reshape(-1, (long) KERNEL * KERNEL * NEIGHBOUR_CHANNELS);
    }

    @Override
    public void crossEntropy(Tensor logits, Tensor targets, double weight, Tensor dLogits, Tensor totals) {
        try (PointerScope _ = new PointerScope()) {
            var z = value(logits).to(torch.ScalarType.Double);
            var target = value(targets).to(torch.ScalarType.Double);
            var logSoftmax = torch.log_softmax(z, 1);
            value(dLogits).copy_(torch.exp(logSoftmax).sub_(target).mul_(new Scalar(weight)));
            var loss = torch.sum(logSoftmax.mul(target)).mul_(new Scalar(-weight));
            var correct = torch.sum(largest(z).eq(largest(target)), inDouble());
            value(totals).copy_(torch.stack(new TensorVector(loss, correct)));
        }
    }

    /** The first largest element of each row. */
    private static org.bytedeco.pytorch.Tensor largest(org.bytedeco.pytorch.Tensor rows) {
        return torch.argmax(rows, new LongOptional(1), false);
    }

    @Override
    public double squaredNorm(Tensor x) {
        try (PointerScope _ = new PointerScope()) {
            return squaredNorms(value(x)).sum().item_double();
        }
    }

    @Override
    public double recentre(Tensor points, Tensor centroids, Tensor sizes) {
        try (PointerScope _ = new PointerScope()) {
            var from = value(points);
            var before = value(centroids);
            // less the squared norm of the point, which is the same for all centroids
            var distances = torch.addmm(
                    torch.linalg_vecdot(before, before, -1), from, before.t(), new Scalar(1.0), new Scalar(-2.0));
            var members = torch.zeros_like(distances)
                    .scatter_(1, torch.argmin(distances, new LongOptional(1), true), new Scalar(1.0));
            value(sizes).copy_(torch.sum(members, 0));
            // an empty cluster has no mean, but 0 / 0
            var counts = value(sizes).unsqueeze(1);
            var after = torch.where(
                    counts.gt(new Scalar(0.0)), torch.mm(members.t(), from).div(counts), before);
            var moved = sum(after.sub(before).square());
            before.copy_(after);
            return moved.item_double();
        }
    }

    @Override
    public double[][] squaredDistances(Tensor points, Tensor centroids) {
        try (PointerScope _ = new PointerScope()) {
            var from = value(points);
            var to = value(centroids);
            double[] squared = onHost(torch.mm(from, to.t())
                    .to(torch.ScalarType.Double)
                    .mul(new Scalar(-2.0))
                    .add_(squaredNorms(from).unsqueeze(1))
                    .add_(squaredNorms(to)));
            int clusters = centroids.dimension(0);
            return IntStream.range(0, points.dimension(0))
                    .mapToObj(point -> Arrays.copyOfRange(squared, point * clusters, (point + 1) * clusters))
                    .toArray(double[][]::new);
        }
    }

    @Override
    public double[] mean(Tensor matrix, int[] rows) {
        try (PointerScope _ = new PointerScope()) {
            var all = value(matrix);
            long[] indices = Arrays.stream(rows).asLongStream().toArray();
            var chosen = torch.from_blob(
                            new LongPointer(indices),
                            new long[] {indices.length},
                            new TensorOptions(torch.ScalarType.Long))
                    .to(all.device(), torch.ScalarType.Long);
            return onHost(torch.mean(all.index_select(0, chosen), new long[] {0}, false, inDouble()));
        }
    }

    @Override
    public double meanSquaredDistance(Tensor matrix, double[] point) {
        try (PointerScope _ = new PointerScope()) {
            var all = value(matrix);
            return sum(all.sub(besides(all, point, point.length)).square()).item_double() / matrix.dimension(0);
        }
    }

    /** The squared norm of each row in double precision. */
    private static org.bytedeco.pytorch.Tensor squaredNorms(org.bytedeco.pytorch.Tensor matrix) {
        return torch.linalg_vector_norm(matrix, new Scalar(2.0), new long[] {-1}, false, inDouble())
                .square();
    }

    /** The sum of all elements in double precision. */
    private static org.bytedeco.pytorch.Tensor sum(org.bytedeco.pytorch.Tensor terms) {
        return torch.sum(terms, inDouble());
    }

    private static ScalarTypeOptional inDouble() {
        return new ScalarTypeOptional(torch.ScalarType.Double);
    }

    private static double[] onHost(org.bytedeco.pytorch.Tensor result) {
        double[] values = new double[Math.toIntExact(result.numel())];
        result.to(new Device("cpu"), torch.ScalarType.Double)
                .contiguous()
                .data_ptr_double()
                .get(values);
        return values;
    }
}
