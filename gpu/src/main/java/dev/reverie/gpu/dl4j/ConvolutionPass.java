package dev.reverie.gpu.dl4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The forward and backward pass of a convolution with oneDNN, parallel over micro-batches. Weight gradients are summed
 * in the order of the micro-batches, so they have the same bits with any number of threads.
 */
final class ConvolutionPass extends ConvolutionLayer {

    private final ComputeThreads threads;

    ConvolutionPass(NeuralNetConfiguration configuration, DataType type, ComputeThreads threads) {
        super(configuration, type);
        this.threads = threads;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = BatchPlanes.contiguous(input);
        INDArray w = weight();
        long[] shape = {x.size(0), w.size(0), extent(x.size(2), 0), extent(x.size(3), 1)};
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, x.dataType(), shape, 'c');
        threads.forEach(
                microBatches(x),
                index -> Nd4j.exec(DynamicCustomOp.builder("conv2d")
                        .addInputs(microBatch(x, index), w)
                        .addOutputs(microBatch(y, index))
                        .addIntegerArguments(geometry())
                        .build()));
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = BatchPlanes.contiguous(input);
        INDArray dy = BatchPlanes.contiguous(epsilon);
        INDArray w = weight();
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, x.dataType(), x.shape(), 'c');
        List<INDArray> parts = IntStream.range(0, microBatches(x))
                .mapToObj(_ -> workspaces.createUninitialized(ArrayType.BP_WORKING_MEM, w.dataType(), w.shape(), 'c'))
                .toList();
        threads.forEach(
                parts.size(),
                index -> Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                        .addInputs(microBatch(x, index), w, microBatch(dy, index))
                        .addOutputs(microBatch(dx, index), parts.get(index))
                        .addIntegerArguments(geometry())
                        .build()));
        INDArray dw = Objects.requireNonNull(gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY));
        dw.assign(parts.getFirst());
        parts.subList(1, parts.size()).forEach(dw::addi);
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, dw, 'c');
        return new Pair<>(gradient, dx);
    }

    private INDArray weight() {
        return getParam(ConvolutionParamInitializer.WEIGHT_KEY);
    }

    private long extent(long pixels, int axis) {
        long span = pixels + 2L * layerConf().getPadding()[axis] - layerConf().getKernelSize()[axis];
        return span / layerConf().getStride()[axis] + 1;
    }

    /**
     * Returns the arguments of the operation: kernel, stride, padding, dilation, explicit padding, channels first, and
     * weights as [out, in, kh, kw].
     */
    private int[] geometry() {
        int side = layerConf().getKernelSize()[0];
        int stride = layerConf().getStride()[0];
        int padding = layerConf().getPadding()[0];
        return new int[] {side, side, stride, stride, padding, padding, 1, 1, 0, 0, 1};
    }

    private static int microBatches(INDArray batch) {
        return Math.toIntExact(Math.ceilDiv(batch.size(0), Kernels.MICRO_BATCH));
    }

    private static INDArray microBatch(INDArray batch, int index) {
        long start = (long) index * Kernels.MICRO_BATCH;
        return batch.get(interval(start, Math.min(start + Kernels.MICRO_BATCH, batch.size(0))), all(), all(), all());
    }

    /** A square convolution without bias, computed by {@link ConvolutionPass} instead of DeepLearning4J's own layer. */
    static final class ConvolutionLayerConfig extends org.deeplearning4j.nn.conf.layers.ConvolutionLayer {

        private final ComputeThreads threads;

        ConvolutionLayerConfig(int in, int out, int side, int stride, int padding, ComputeThreads threads) {
            this.threads = threads;
            setNIn(in);
            setNOut(out);
            setKernelSize(new int[] {side, side});
            setStride(new int[] {stride, stride});
            setPadding(new int[] {padding, padding});
            setDilation(new int[] {1, 1});
            setConvolutionMode(ConvolutionMode.Truncate);
            setHasBias(false);
            setActivationFn(new ActivationIdentity());
        }

        @Override
        public Layer instantiate(
                NeuralNetConfiguration configuration,
                Collection<TrainingListener> listeners,
                int index,
                INDArray parameters,
                boolean initialise,
                DataType type) {
            ConvolutionPass pass = new ConvolutionPass(configuration, type, threads);
            pass.setIndex(index);
            pass.setParamsViewArray(parameters);
            pass.setParamTable(initializer().init(configuration, parameters, initialise));
            return pass;
        }
    }
}
