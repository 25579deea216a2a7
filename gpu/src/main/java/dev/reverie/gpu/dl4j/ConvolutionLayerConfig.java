package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A square convolution without bias, computed by {@link ConvolutionPass} instead of DeepLearning4J's own layer. */
final class ConvolutionLayerConfig extends ConvolutionLayer {

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
