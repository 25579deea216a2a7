package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.nd4j.Nd4jTensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.params.ElementWiseParamInitializer;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The forward and backward pass of batch normalisation with an optional ReLU, parallel over channels. As in PyTorch, a
 * training batch is normalised with its mean and its biased variance. With each training batch, the running statistics
 * move a tenth of the way towards that mean and the unbiased variance. All other batches are normalised with them.
 */
final class BatchNormPass extends BatchNormalization {

    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    private final boolean rectified;
    private final Statistics running;
    private final Statistics ofBatch;
    private final ComputeThreads threads;

    BatchNormPass(NeuralNetConfiguration configuration, DataType type, boolean rectified, ComputeThreads threads) {
        super(configuration, type);
        this.rectified = rectified;
        this.threads = threads;
        int channels = Math.toIntExact(layerConf().getNOut());
        this.running = new Statistics(channels);
        this.ofBatch = new Statistics(channels);
    }

    /** The mean and variance of each channel, initially 0 and 1. */
    private static final class Statistics {

        private final double[] mean;
        private final double[] variance;

        Statistics(int channels) {
            mean = new double[channels];
            variance = new double[channels];
            Arrays.fill(variance, 1);
        }

        double inverse(int channel) {
            return 1 / Math.sqrt(variance[channel] + EPSILON);
        }
    }

    /** Copies the running statistics from the same layer in another graph. */
    void copyStatistics(BatchNormPass other) {
        System.arraycopy(other.running.mean, 0, running.mean, 0, running.mean.length);
        System.arraycopy(other.running.variance, 0, running.variance, 0, running.variance.length);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray array = BatchPlanes.contiguous(input);
        INDArray out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, array.dataType(), array.shape(), 'c');
        BatchPlanes x = BatchPlanes.of(array);
        BatchPlanes y = BatchPlanes.of(out);
        Affine affine = affine();
        threads.forEach(x.channels(), channel -> {
            if (training) {
                measure(x, channel);
            }
            Statistics statistics = training ? ofBatch : running;
            double slope = affine.scale[channel] * statistics.inverse(channel);
            double offset = affine.shift[channel] - slope * statistics.mean[channel];
            for (int image = 0; image < x.images(); image++) {
                double[] plane = x.plane(image, channel);
                for (int i = 0; i < plane.length; i++) {
                    double value = slope * plane[i] + offset;
                    plane[i] = rectified ? Math.max(value, 0) : value;
                }
                y.write(image, channel, plane);
            }
        });
        return out;
    }

    private void measure(BatchPlanes x, int channel) {
        double sum = 0;
        double squares = 0;
        for (int image = 0; image < x.images(); image++) {
            for (double value : x.plane(image, channel)) {
                sum += value;
                squares += value * value;
            }
        }
        double count = x.valuesPerChannel();
        double mean = sum / count;
        double variance = Math.max(0, squares / count - mean * mean);
        ofBatch.mean[channel] = mean;
        ofBatch.variance[channel] = variance;
        running.mean[channel] += MOMENTUM * (mean - running.mean[channel]);
        double unbiased = count > 1 ? variance * count / (count - 1) : variance;
        running.variance[channel] += MOMENTUM * (unbiased - running.variance[channel]);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray array = BatchPlanes.contiguous(input);
        INDArray out = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, array.dataType(), array.shape(), 'c');
        BatchPlanes x = BatchPlanes.of(array);
        BatchPlanes dy = BatchPlanes.of(BatchPlanes.contiguous(epsilon));
        BatchPlanes dx = BatchPlanes.of(out);
        Affine affine = affine();
        Affine gradients = new Affine(new double[x.channels()], new double[x.channels()]);
        threads.forEach(x.channels(), channel -> backward(x, dy, dx, channel, affine, gradients));
        Gradient gradient = new DefaultGradient();
        note(gradient, DefaultParamInitializer.WEIGHT_KEY, gradients.scale);
        note(gradient, DefaultParamInitializer.BIAS_KEY, gradients.shift);
        return new Pair<>(gradient, out);
    }

    /**
     * Computes {@code dx = s (dy - mean(dy) - hat mean(dy hat))}, with means over the pixels of the channel in all
     * images. Here, {@code hat} is the normalised {@code x}, {@code s} is the scale over the standard deviation, and
     * {@code dy} counts as 0 where the ReLU has replaced a value by 0.
     */
    private void backward(BatchPlanes x, BatchPlanes dy, BatchPlanes dx, int channel, Affine affine, Affine gradients) {
        double mean = ofBatch.mean[channel];
        double inverse = ofBatch.inverse(channel);
        double scale = affine.scale[channel];
        double shift = affine.shift[channel];
        double sum = 0;
        double product = 0;
        for (int image = 0; image < x.images(); image++) {
            double[] plane = x.plane(image, channel);
            double[] above = dy.plane(image, channel);
            for (int i = 0; i < plane.length; i++) {
                double hat = inverse * (plane[i] - mean);
                double derivative = !rectified || scale * hat + shift > 0 ? above[i] : 0;
                sum += derivative;
                product += derivative * hat;
            }
        }
        gradients.scale[channel] = product;
        gradients.shift[channel] = sum;
        double count = x.valuesPerChannel();
        for (int image = 0; image < x.images(); image++) {
            double[] plane = x.plane(image, channel);
            double[] above = dy.plane(image, channel);
            for (int i = 0; i < plane.length; i++) {
                double hat = inverse * (plane[i] - mean);
                double derivative = !rectified || scale * hat + shift > 0 ? above[i] : 0;
                plane[i] = inverse * scale * (derivative - sum / count - hat * product / count);
            }
            dx.write(image, channel, plane);
        }
    }

    private Affine affine() {
        return new Affine(values(DefaultParamInitializer.WEIGHT_KEY), values(DefaultParamInitializer.BIAS_KEY));
    }

    private double[] values(String key) {
        return getParam(key).toDoubleVector();
    }

    private void note(Gradient gradient, String key, double[] values) {
        INDArray view = Objects.requireNonNull(gradientViews.get(key));
        Nd4jTensor.over(view).write(0, values);
        gradient.setGradientFor(key, view);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Affine(double[] scale, double[] shift) {}

    /**
     * Batch normalisation as in PyTorch, computed by {@link BatchNormPass} instead of DeepLearning4J's own layer. Its
     * parameters are the scale and shift of each channel, a weight and a bias for DeepLearning4J, which would also
     * include the running statistics, although they are not learned and weight decay would reduce them.
     */
    static final class BatchNormLayerConfig extends org.deeplearning4j.nn.conf.layers.BatchNormalization {

        private final boolean rectified;
        private final ComputeThreads threads;

        /** Creates a layer with {@code channels} channels, followed by a ReLU if {@code rectified}. */
        BatchNormLayerConfig(int channels, boolean rectified, ComputeThreads threads) {
            setNIn(channels);
            setNOut(channels);
            setWeightInitFn(new WeightInitConstant(1));
            setBiasInit(0);
            setActivationFn(new ActivationIdentity());
            this.rectified = rectified;
            this.threads = threads;
        }

        @Override
        public ParamInitializer initializer() {
            return ElementWiseParamInitializer.getInstance();
        }

        @Override
        public org.deeplearning4j.nn.api.Layer instantiate(
                NeuralNetConfiguration configuration,
                Collection<TrainingListener> listeners,
                int index,
                INDArray parameters,
                boolean initialise,
                DataType type) {
            BatchNormPass pass = new BatchNormPass(configuration, type, rectified, threads);
            pass.setIndex(index);
            pass.setParamsViewArray(parameters);
            pass.setParamTable(initializer().init(configuration, parameters, initialise));
            return pass;
        }
    }
}
