package dev.reverie.gpu.dl4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of batch normalisation: the scale and shift of each channel. DeepLearning4J also includes the running
 * statistics, although they are not learned and weight decay would reduce them.
 */
final class AffineParamInitializer implements ParamInitializer {

    static final AffineParamInitializer INSTANCE = new AffineParamInitializer();
    static final String SCALE = "scale";
    static final String SHIFT = "shift";

    private AffineParamInitializer() {}

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return 2 * channels(layer);
    }

    private static long channels(Layer layer) {
        return ((FeedForwardLayer) layer).getNOut();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.of(SCALE, SHIFT);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(SCALE);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of(SHIFT);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return key.equals(SCALE);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return key.equals(SHIFT);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray flat, boolean initialise) {
        Map<String, INDArray> parameters = getGradientsFromFlattened(configuration, flat);
        if (initialise) {
            parameters.forEach((key, view) -> view.assign(key.equals(SCALE) ? 1 : 0));
        }
        return parameters;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray flat) {
        long channels = channels(configuration.getLayer());
        INDArray row = flat.reshape(1, 2 * channels);
        Map<String, INDArray> views = new LinkedHashMap<>();
        views.put(SCALE, row.get(point(0), interval(0, channels)));
        views.put(SHIFT, row.get(point(0), interval(channels, 2 * channels)));
        return views;
    }
}
