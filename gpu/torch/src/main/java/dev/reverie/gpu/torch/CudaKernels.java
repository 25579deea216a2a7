package dev.reverie.gpu.torch;

import static dev.reverie.gpu.torch.CudaNormReluPool.address;

import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.DeviceKernels.KernelRecording;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.torch.CudaDriver.CudaStream;
import dev.reverie.gpu.torch.CudaKernelRecording.CudaRecordingMemory;
import dev.reverie.gpu.torch.CudaModule.CudaFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The kernels on an NVIDIA GPU whose CUDA has a compiler: those of libtorch, except the norm-ReLU-pool, k-means, the
 * distances between gradients, the weights of adjoint convolutions and the step of the optimiser, which Reverie
 * compiles for the GPU ({@code kernels.cu}).
 */
final class CudaKernels extends TorchDeviceKernels {

    private static final String SOURCE = "kernels.cu";
    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int WEIGHT_DIMENSIONS = 4;

    private final CudaNormReluPool normReluPool;
    private final CudaFunction descend;
    private final CudaFunction unitDistances;
    private final CudaFunction adjointWeights;
    private final CudaFunction squaredNorms;
    private final CudaFunction assign;
    private final CudaFunction moveCentroids;
    private final CudaStream stream;
    private final TorchMemory memory;

    private CudaKernels(Precision precision, CudaStream stream, TorchMemory memory, CudaModule module) {
        super(precision, memory);
        this.stream = stream;
        this.normReluPool = new CudaNormReluPool(module, precision, memory);
        this.descend = module.function("descend");
        this.unitDistances = module.function("unit_distances");
        this.adjointWeights = module.function("adjoint_weights");
        this.squaredNorms = module.function("squared_norms");
        this.assign = module.function("assign");
        this.moveCentroids = module.function("move_centroids");
        this.memory = memory;
    }

    /** Loads what {@link #code} has compiled into a GPU, with memory for the work on {@code stream}. */
    static CudaKernels load(byte[] code, CudaStream stream, Precision precision, TorchMemory memory) {
        return new CudaKernels(precision, stream, memory, CudaModule.load(code, stream));
    }

    static byte[] code(CudaCompiler compiler, Gpu gpu, Precision precision) {
        String real = precision == Precision.SINGLE ? "float" : "double";
        return compiler.compile(
                source(), gpu, List.of("Real=" + real, "EPSILON=" + EPSILON, "SAFETY=" + GradientDistance.SAFETY));
    }

    private static String source() {
        try (InputStream source = Objects.requireNonNull(CudaKernels.class.getResourceAsStream(SOURCE), SOURCE)) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isFull(Throwable failure) {
        return super.isFull(failure) || CudaDriver.isFull(failure);
    }

    @Override
    public KernelRecording record(Runnable work) {
        return stream.isOfRuntime() || !CudaRecordingMemory.isAvailable()
                ? super.record(work)
                : CudaKernelRecording.of(stream, work, this::isFull);
    }

    @Override
    public void normReluPool(InstanceNorm norm, Tensor p) {
        if (normReluPool.computes(norm)) {
            normReluPool.output(norm, p);
        } else {
            super.normReluPool(norm, p);
        }
    }

    @Override
    public void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        if (normReluPool.computes(norm)) {
            normReluPool.gradient(norm, dp, dNorm);
        } else {
            super.normReluPoolGradient(norm, dp, dNorm);
        }
    }

    @Override
    public void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        if (normReluPool.computes(norm)) {
            normReluPool.tangent(norm, normDot, pDot);
        } else {
            super.normReluPoolTangent(norm, normDot, pDot);
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        if (normReluPool.computes(norm)) {
            normReluPool.gradientTangent(norm, normDot, dp, dpDot, dNormDot);
        } else {
            super.normReluPoolGradientTangent(norm, normDot, dp, dpDot, dNormDot);
        }
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, Sgd sgd) {
        int elements = Math.toIntExact(p.size());
        descend.launch(
                Math.ceilDiv(elements, THREADS),
                THREADS,
                elements(p),
                elements(v),
                elements(g),
                Double.doubleToRawLongBits(sgd.rate()),
                Double.doubleToRawLongBits(sgd.momentum()),
                Double.doubleToRawLongBits(sgd.decay()),
                elements);
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        if (w.dimension(2) != KERNEL) {
            super.adjointWeights(w, adjoint);
            return;
        }
        adjointWeights.launch(
                Math.ceilDiv(Math.toIntExact(w.size()), THREADS),
                THREADS,
                elements(w),
                toWrite(adjoint),
                w.dimension(0),
                w.dimension(1));
    }

    /** Takes two products and three functions of the GPU; operations of libtorch would take sixteen kernels. */
    @Override
    public double recentre(Tensor points, Tensor centroids, Tensor sizes) {
        int count = points.dimension(0);
        int dimension = points.dimension(1);
        int clusters = centroids.dimension(0);
        try (Tensor norms = allocate(clusters);
                Tensor product = allocate(count, clusters);
                Tensor members = allocate(count, clusters);
                Tensor nearest = memory.allocate(Precision.SINGLE, count); // the kernels store 32-bit integers in it
                Tensor sums = allocate(clusters, dimension);
                Tensor moved = memory.allocate(Precision.DOUBLE, clusters)) {
            squaredNorms.launch(clusters, THREADS, address(centroids), address(norms), dimension);
            multiply(Factor.of(points), Factor.transposed(centroids), false, product);
            assign.launch(
                    Math.ceilDiv(count, THREADS / WARP),
                    THREADS,
                    address(product),
                    address(norms),
                    address(members),
                    address(nearest),
                    count,
                    clusters);
            multiply(Factor.transposed(members), Factor.of(points), false, sums);
            moveCentroids.launch(
                    clusters,
                    THREADS,
                    address(centroids),
                    address(sums),
                    address(nearest),
                    address(sizes),
                    address(moved),
                    count,
                    dimension);
            return Arrays.stream(moved.toDoubles()).sum();
        }
    }

    @Override
    public double[] distances(
            GradientDistance distance, List<Tensor> real, List<Tensor> synthetic, List<Tensor> derivatives) {
        int[] units =
                derivatives.stream().mapToInt(weight -> weight.dimension(0)).toArray();
        try (Tensor ofUnits =
                memory.allocate(Precision.DOUBLE, Arrays.stream(units).sum())) {
            long at = CudaNormReluPool.address(ofUnits);
            for (int weight = 0; weight < units.length; weight++) {
                Tensor derivative = derivatives.get(weight);
                unitDistances.launch(
                        units[weight],
                        THREADS,
                        elements(real.get(weight)),
                        elements(synthetic.get(weight)),
                        toWrite(derivative),
                        at,
                        kind(distance),
                        derivative.size() / units[weight]);
                at += (long) units[weight] * Double.BYTES;
            }
            return sums(ofUnits.toDoubles(), units);
        }
    }

    /** Where the elements of a parameter are, in the same order for all tensors of its shape. */
    private static long elements(Tensor parameter) {
        return parameter.rank() == WEIGHT_DIMENSIONS
                ? CudaNormReluPool.images(parameter)
                : CudaNormReluPool.address(parameter);
    }

    private static long toWrite(Tensor parameter) {
        return parameter.rank() == WEIGHT_DIMENSIONS
                ? CudaNormReluPool.imagesToWrite(parameter)
                : CudaNormReluPool.address(parameter);
    }

    /** The number of a distance in {@code kernels.cu}. */
    private static int kind(GradientDistance distance) {
        return switch (distance) {
            case MSE -> 0;
            case L1 -> 1;
            case L1_MEAN -> 2;
            case COS -> 3;
        };
    }

    /** Sums as many consecutive values as each of the counts says. */
    private static double[] sums(double[] values, int... counts) {
        double[] sums = new double[counts.length];
        int start = 0;
        for (int i = 0; i < counts.length; i++) {
            sums[i] = Arrays.stream(values, start, start + counts[i]).sum();
            start += counts[i];
        }
        return sums;
    }
}
