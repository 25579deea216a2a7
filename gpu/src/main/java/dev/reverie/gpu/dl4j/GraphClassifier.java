package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphArchitecture.ConvolutionWeights;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser;
import dev.reverie.gpu.tensor.Optimiser.AdamMoments;
import dev.reverie.gpu.tensor.Optimiser.AdamW;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.nd4j.Nd4jTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A classifier implemented as a DeepLearning4J graph, with Reverie's own optimiser step: DeepLearning4J's optimisers
 * neither decay normalisation parameters nor use PyTorch's form of momentum. Not thread safe.
 */
public final class GraphClassifier implements Classifier {

    /** Number of images that are tested at a time. */
    private static final int TEST_BATCH = 64;

    private static final int RANK_OF_CONVOLUTIONS = 4;

    private final GraphArchitecture architecture;
    private final Kernels kernels;
    private final ComputeThreads threads;
    private final TrainingLoss loss = new TrainingLoss();
    private final ComputationGraph graph;
    private final INDArray velocity;
    private final AdamMoments moments = new AdamMoments();
    /** The parameters that are weights of connections, rather than biases, scales or shifts. */
    private final BitSet connections;

    private GraphClassifier(GraphArchitecture architecture, Kernels kernels, ComputeThreads threads) {
        this.architecture = architecture;
        this.kernels = kernels;
        this.threads = threads;
        this.graph = new ComputationGraph(GraphDraft.of(architecture, loss, type(kernels), threads));
        graph.init();
        graph.initGradientsView();
        this.velocity = Nd4j.zerosLike(graph.params());
        this.connections = connections(graph);
    }

    /** Creates a network with freshly drawn parameters; the caller closes {@code threads}. */
    public static GraphClassifier fresh(
            GraphArchitecture architecture, Kernels kernels, ComputeThreads threads, RandomGenerator random) {
        GraphClassifier fresh = new GraphClassifier(architecture, kernels, threads);
        for (Layer layer : weighted(fresh.graph)) {
            draw(layer.paramTable(), architecture.convolutionWeights(), random);
        }
        return fresh;
    }

    /**
     * Draws the initial parameters of a layer. Weights and biases are uniform in [-1 / sqrt(fan-in), 1 / sqrt(fan-in)],
     * as in PyTorch, except convolution weights of another {@linkplain ConvolutionWeights distribution}; the scales and
     * shifts of normalisations remain one and zero.
     */
    private static void draw(
            Map<String, INDArray> parameters, ConvolutionWeights convolutions, RandomGenerator random) {
        INDArray weight = Objects.requireNonNull(parameters.get(DefaultParamInitializer.WEIGHT_KEY));
        boolean convolution = weight.rank() == RANK_OF_CONVOLUTIONS;
        double taps = convolution ? (double) (weight.size(2) * weight.size(3)) : 1;
        double bound = 1 / Math.sqrt(taps * (convolution ? weight.size(1) : weight.size(0)));
        double deviation = Math.sqrt(2.0 / (taps * weight.size(0)));
        fill(
                weight,
                convolution && convolutions == ConvolutionWeights.NORMAL_BY_FAN_OUT
                        ? () -> random.nextGaussian(0, deviation)
                        : () -> random.nextDouble(-bound, bound));
        if (parameters.containsKey(DefaultParamInitializer.BIAS_KEY)) {
            fill(parameters.get(DefaultParamInitializer.BIAS_KEY), () -> random.nextDouble(-bound, bound));
        }
    }

    private static void fill(INDArray array, DoubleSupplier next) {
        double[] values = new double[Math.toIntExact(array.length())];
        Arrays.setAll(values, _ -> next.getAsDouble());
        Nd4jTensor.over(array).write(0, values);
    }

    private static BitSet connections(ComputationGraph graph) {
        BitSet connections = new BitSet();
        for (Layer layer : weighted(graph)) {
            INDArray weight = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
            int start = Math.toIntExact(weight.offset());
            connections.set(start, start + Math.toIntExact(weight.length()));
        }
        return connections;
    }

    /** The layers whose weights are those of connections: all that have weights, except normalisations. */
    private static List<Layer> weighted(ComputationGraph graph) {
        return Stream.of(graph.getLayers())
                .filter(layer -> layer.paramTable().containsKey(DefaultParamInitializer.WEIGHT_KEY)
                        && !(layer instanceof BatchNormPass))
                .toList();
    }

    private static DataType type(Kernels kernels) {
        return kernels.precision() == Precision.SINGLE ? DataType.FLOAT : DataType.DOUBLE;
    }

    private List<BatchNormPass> normalisations() {
        return Stream.of(graph.getLayers())
                .filter(BatchNormPass.class::isInstance)
                .map(BatchNormPass.class::cast)
                .toList();
    }

    @Override
    public double step(IntFunction<double[]> images, TrainingTargets trainingTargets, Optimiser optimiser) {
        double before = gradient(images, trainingTargets);
        Tensor gradient = Nd4jTensor.over(gradients());
        switch (optimiser) {
            case Sgd sgd -> kernels.descend(parameters(), Nd4jTensor.over(velocity), gradient, sgd);
            case AdamW adamW -> moments.step(parameters(), gradient, adamW, connections::get);
        }
        return before;
    }

    /**
     * Computes the mean loss of a batch, and stores the derivative of the loss with respect to the parameters in
     * {@link #gradients}.
     */
    double gradient(IntFunction<double[]> images, TrainingTargets trainingTargets) {
        try (INDArray x = load(0, trainingTargets.samples(), images);
                INDArray targets =
                        Nd4j.createFromArray(trainingTargets.targets().toArray(double[][]::new));
                INDArray t = targets.castTo(type(kernels))) {
            loss.teach(trainingTargets);
            graph.setInputs(x);
            graph.setLabels(t);
            graph.computeGradientAndScore();
            return graph.score();
        }
    }

    /** All parameters as one vector, which shares the graph's memory. */
    Tensor parameters() {
        return Nd4jTensor.over(graph.params());
    }

    INDArray gradients() {
        return graph.getGradientsViewArray().reshape(graph.params().shape());
    }

    @Override
    public List<double[]> logits(int count, IntFunction<double[]> images) {
        List<double[]> rows = new ArrayList<>(count);
        for (int start = 0; start < count; start += TEST_BATCH) {
            try (INDArray x = load(start, Math.min(TEST_BATCH, count - start), images);
                    INDArray logits = graph.outputSingle(false, x)) {
                rows.addAll(List.of(logits.toDoubleMatrix()));
            }
        }
        return rows;
    }

    /** Loads a batch of images and pads them with zeros, the mean colour of normalised images. */
    private INDArray load(int start, int count, IntFunction<double[]> images) {
        ImageShape shape = architecture.input();
        ImageShape padded = architecture.padded();
        int top = (padded.height() - shape.height()) / 2;
        int left = (padded.width() - shape.width()) / 2;
        INDArray batch = Nd4j.create(type(kernels), count, padded.channels(), padded.height(), padded.width());
        Tensor target = Nd4jTensor.over(batch);
        threads.forEach(count, index -> {
            double[] image = images.apply(start + index);
            double[] canvas = new double[padded.size()];
            for (int row = 0; row < shape.channels() * shape.height(); row++) {
                int channel = row / shape.height();
                int at = (channel * padded.height() + top + row % shape.height()) * padded.width() + left;
                System.arraycopy(image, row * shape.width(), canvas, at, shape.width());
            }
            target.write((long) index * canvas.length, canvas);
        });
        return batch;
    }

    private void copyStatistics(GraphClassifier to) {
        List<BatchNormPass> sources = normalisations();
        List<BatchNormPass> targets = to.normalisations();
        for (int i = 0; i < sources.size(); i++) {
            targets.get(i).copyStatistics(sources.get(i));
        }
    }

    @Override
    public GraphClassifier withClasses(int classes, RandomGenerator random) {
        int before = architecture.classes();
        if (classes < before) {
            throw new IllegalArgumentException(
                    "a classifier can only grow: it has " + before + " classes, requested were " + classes);
        }
        GraphClassifier grown = fresh(architecture.withClasses(classes), kernels, threads, random);
        // the classifier comes last in the graph's memory: its weights class by class, then its biases
        long features = grown.features();
        long ahead = graph.numParams() - before * (features + 1);
        copyInto(grown, 0, 0, ahead + before * features);
        copyInto(grown, ahead + before * features, ahead + classes * features, before);
        copyStatistics(grown);
        return grown;
    }

    private long features() {
        return graph.getOutputLayer(0)
                .getParam(DefaultParamInitializer.WEIGHT_KEY)
                .size(0);
    }

    private void copyInto(GraphClassifier to, long source, long target, long count) {
        double[] values = new double[Math.toIntExact(count)];
        Nd4jTensor.over(graph.params()).read(source, values);
        Nd4jTensor.over(to.graph.params()).write(target, values);
        Nd4jTensor.over(velocity).read(source, values);
        Nd4jTensor.over(to.velocity).write(target, values);
    }

    @Override
    public void resetOptimiser() {
        velocity.assign(0);
        moments.reset();
    }

    @Override
    public void close() {
        graph.close();
        velocity.close();
    }

    /**
     * The loss of an output layer: the mean loss of {@link dev.reverie.gpu.network.TrainingTargets}. DeepLearning4J's
     * own cross-entropy is computed from clipped probabilities rather than logits, leaves the division by the batch
     * size to an updater, and does not support a teacher.
     */
    static final class TrainingLoss implements ILossFunction {

        private TrainingTargets trainingTargets = TrainingTargets.of(List.of());

        /** Sets the targets of the next batch, because the labels of a graph cannot contain the teacher's logits. */
        void teach(TrainingTargets next) {
            trainingTargets = next;
        }

        @Override
        public double computeScore(
                INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
            double sum = trainingTargets.loss(logits.toDoubleMatrix());
            return average ? sum / targets.size(0) : sum;
        }

        @Override
        public INDArray computeScoreArray(
                INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
            throw new UnsupportedOperationException("this layer computes the loss of whole batches only");
        }

        @Override
        public INDArray computeGradient(
                INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
            double[][] gradient = trainingTargets.gradient(logits.toDoubleMatrix(), 1.0 / targets.size(0));
            INDArray derivative = Nd4j.createUninitialized(logits.dataType(), logits.shape(), 'c');
            Nd4jTensor.over(derivative)
                    .write(
                            0,
                            Arrays.stream(gradient)
                                    .flatMapToDouble(Arrays::stream)
                                    .toArray());
            return derivative;
        }

        @Override
        public Pair<Double, INDArray> computeGradientAndScore(
                INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
            return new Pair<>(
                    computeScore(targets, logits, identity, mask, average),
                    computeGradient(targets, logits, identity, mask));
        }

        @Override
        public String name() {
            return "TrainingLoss";
        }
    }
}
