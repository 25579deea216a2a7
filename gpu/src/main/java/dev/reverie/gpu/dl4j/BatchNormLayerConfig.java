package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dl4j.BatchNormPass.AffineParamInitializer;
import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Batch normalisation as in PyTorch, computed by {@link BatchNormPass} instead of DeepLearning4J's own layer. */
final class BatchNormLayerConfig extends BatchNormalization {

    private final boolean rectified;
    private final ComputeThreads threads;

    /** Creates a layer with {@code channels} channels, followed by a ReLU if {@code rectified}. */
    BatchNormLayerConfig(int channels, boolean rectified, ComputeThreads threads) {
        setNIn(channels);
        setNOut(channels);
        setActivationFn(new ActivationIdentity());
        this.rectified = rectified;
        this.threads = threads;
    }

    @Override
    public ParamInitializer initializer() {
        return AffineParamInitializer.INSTANCE;
    }

    @Override
    public Layer instantiate(
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
