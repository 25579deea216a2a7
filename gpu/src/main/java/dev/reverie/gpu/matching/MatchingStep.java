package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.matching.FeatureStatistic.FeatureComparison;
import dev.reverie.gpu.matching.MicroBatchContribution.NetworkPasses;
import dev.reverie.gpu.matching.StyleTerms.StyleComparison;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNet.ConvolutionDerivative;
import dev.reverie.gpu.network.ConvNet.ConvolutionListener;
import dev.reverie.gpu.network.ConvNetActivations;
import dev.reverie.gpu.network.ConvNetActivations.Cotangents;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.objective.MatchingObjective.MatchingGradient;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Computes one class step: the distance D between the quantities that the objective compares on real and on decoded
 * synthetic images, and the derivative of D with respect to the stored synthetic images (DREAM, equation 2 for
 * gradients, equation 3 for features), including the style terms.
 *
 * <p>For gradients, let v be the derivative of D with respect to the synthetic gradient, held fixed. The derivative of
 * D with respect to the images then equals that of the inner product of the synthetic gradient and v, which one tangent
 * pass computes without a tape. Both batches get the same augmentation.
 */
final class MatchingStep {

    private final Network network;
    private final ComputeThreads threads;
    private final MatchingObjective objective;
    private final GradientDistance distance;
    private final Optional<StyleTerms> style;
    private final ImageShape shape;
    /** Size of the output of the first convolution for one image, in bytes. */
    private final long activation;

    private final MatchTask task;
    private final AffineImageTransform view;
    private final RealBatch real;
    private final SyntheticViews synthetic;

    /**
     * Prepares a step.
     *
     * @param stored the synthetic images of the task, {@code [count][channels * height * width]}, usually in [0, 1]; in
     *     double precision because derivative checks change them by less than the resolution of a float
     */
    MatchingStep(MatchTask task, double[][] stored, Network network, DistillationContext context) {
        this.task = task;
        this.network = network;
        this.threads = context.threads();
        this.objective = context.settings().composition().objective();
        this.distance = context.settings().matching().distance();
        this.style = Optional.of(context.settings().style())
                .filter(StyleWeights::present)
                .map(weights -> StyleTerms.of(weights, convNet()));
        this.shape = context.shape();
        this.activation = (long) context.settings().network().width() * shape.planeSize() * Float.BYTES;
        this.real = objective.matchesGradients() ? RealBatch.even(task.real()) : RealBatch.distinct(task.real());
        RandomGenerator random = Seeds.generator(task.seed());
        this.view = SyntheticViews.drawView(context, random);
        this.synthetic = new SyntheticViews(stored, context, view, random);
    }

    /** The network as a ConvNet, which gradients and style terms need. */
    private ConvNet convNet() {
        return (ConvNet) network;
    }

    /** The synthetic images as the network sees them in this step. */
    SyntheticViews synthetic() {
        return synthetic;
    }

    /**
     * Computes the loss and its gradient. The step is repeated as a whole if the memory of a device does not suffice,
     * because the results of the micro-batches stay there until the gradient is complete.
     */
    MatchingGradient run(ThreadWorkspace scratch) {
        return threads.fit(Math.max(real.size(), synthetic.size()), () -> {
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                return matched(scratch);
            }
        });
    }

    private MatchingGradient matched(ThreadWorkspace scratch) {
        Optional<FeatureStatistic> featureStatistic = statistic(scratch);
        List<MicroBatch> realBatches = divide(real.size());
        List<MicroBatch> syntheticBatches = divide(synthetic.size());
        int realCount = realBatches.size();
        List<MicroBatchContribution> contributions =
                threads.map(realCount + syntheticBatches.size(), (index, workspace) -> {
                    return index < realCount
                            ? ofReal(realBatches.get(index), featureStatistic, workspace)
                            : ofSynthetic(syntheticBatches.get(index - realCount), featureStatistic, workspace);
                });
        List<MicroBatchContribution> realContributions = contributions.subList(0, realCount);
        List<MicroBatchContribution> syntheticContributions = contributions.subList(realCount, contributions.size());
        Optional<GradientComparison.Outcome> byGradients =
                compareGradients(realContributions, syntheticContributions, scratch);
        Optional<FeatureComparison> byFeatures = featureStatistic.map(statistic -> FeatureComparison.of(
                statistic,
                MicroBatchContribution.parts(realContributions, MicroBatchContribution::features),
                MicroBatchContribution.parts(syntheticContributions, MicroBatchContribution::features)));
        Optional<StyleComparison> byStyle = style.map(terms -> terms.compare(
                realContributions.stream().map(MicroBatchContribution::style).toList(),
                syntheticContributions.stream()
                        .map(MicroBatchContribution::style)
                        .toList()));
        double[][] gradient = imageGradient(
                syntheticContributions,
                syntheticBatches,
                byGradients.map(GradientComparison.Outcome::derivative),
                featureStatistic.map(statistic -> new BackwardPath(statistic, byFeatures.orElseThrow(), byStyle)));
        threads.reset();
        List<Double> blockLosses = blockLosses(byGradients, byFeatures, byStyle);
        return new MatchingGradient(
                blockLosses.stream().mapToDouble(Double::doubleValue).sum(), blockLosses, Arrays.asList(gradient));
    }

    private List<MicroBatch> divide(int samples) {
        return objective.matchesGradients()
                ? MicroBatch.divide(samples, threads.kernels())
                : MicroBatch.divide(samples, activation, threads.kernels());
    }

    /** Returns the statistic of the features; empty if the objective does not match features. */
    private Optional<FeatureStatistic> statistic(ThreadWorkspace scratch) {
        if (!objective.matchesEmbeddings()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (objective) {
                    case CHARACTERISTIC ->
                        CharacteristicFunction.draw(
                                CharacteristicFunction.FREQUENCIES,
                                network.architecture().features(),
                                Seeds.generator(Seeds.of(task.seed(), Seeds.Purpose.FREQUENCIES)),
                                scratch);
                    case INFLUENCE -> new InfluenceMessages(network, task.output());
                    default -> new MeanFeatures(distance);
                });
    }

    private MicroBatchContribution ofReal(
            MicroBatch batch, Optional<FeatureStatistic> featureStatistic, ThreadWorkspace scratch) {
        Optional<ParameterSet> gradient =
                objective.matchesGradients() ? Optional.of(gradient(scratch)) : Optional.empty();
        double[] weights = real.weights(batch.start(), batch.size());
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor x = batch.load(
                    shape, index -> view.apply(real.images().get(index).values()), scratch);
            if (gradient.isEmpty()) {
                List<double[]> styles = new ArrayList<>();
                Tensor features = style.isPresent()
                        ? convNet().embed(x, statisticsListener(styles, weights), scratch)
                        : network.embed(x, scratch);
                return new MicroBatchContribution(
                        gradient,
                        featureStatistic.map(statistic -> statistic.of(features.asMatrix(), weights, scratch)),
                        styles,
                        Optional.empty());
            }
            ConvNetActivations activations = convNet().forward(x, scratch);
            activations.backward(targets(batch.size()), 1.0 / real.size(), gradient.get(), scratch);
            return new MicroBatchContribution(
                    gradient,
                    featureStatistic.map(statistic -> statistic.of(activations.features(), weights, scratch)),
                    List.of(),
                    Optional.empty());
        }
    }

    private ConvolutionListener statisticsListener(List<double[]> styles, double[] weights) {
        return style.map(terms -> terms.into(styles, weights)).orElse(ConvolutionListener.NONE);
    }

    private MicroBatchContribution ofSynthetic(
            MicroBatch batch, Optional<FeatureStatistic> featureStatistic, ThreadWorkspace scratch) {
        Activations activations = network.forward(batch.load(shape, synthetic::image, scratch), scratch);
        Optional<Cotangents> cotangents = objective.matchesGradients()
                ? Optional.of(((ConvNetActivations) activations)
                        .backward(targets(batch.size()), 1.0 / synthetic.size(), gradient(scratch), scratch))
                : Optional.empty();
        double[] weights = new double[batch.size()];
        Arrays.fill(weights, 1.0 / synthetic.size());
        List<double[]> styles = new ArrayList<>();
        style.ifPresent(_ -> ((ConvNetActivations) activations).show(statisticsListener(styles, weights), scratch));
        return new MicroBatchContribution(
                cotangents.map(Cotangents::gradient),
                featureStatistic.map(statistic -> statistic.of(activations.features(), weights, scratch)),
                styles,
                Optional.of(new NetworkPasses(activations, cotangents)));
    }

    private ParameterSet gradient(ThreadWorkspace scratch) {
        return objective.matchesClassifier()
                ? network.gradient(scratch)
                : convNet().blockGradient(scratch);
    }

    private double[][] targets(int samples) {
        return OneHotLabels.repeated(task.output(), network.architecture().classes(), samples);
    }

    private Optional<GradientComparison.Outcome> compareGradients(
            List<MicroBatchContribution> realContributions,
            List<MicroBatchContribution> syntheticContributions,
            ThreadWorkspace scratch) {
        return objective.matchesGradients()
                ? Optional.of(new GradientComparison(convNet(), threads, distance, objective.matchesClassifier())
                        .compare(
                                MicroBatchContribution.parts(realContributions, MicroBatchContribution::gradient),
                                MicroBatchContribution.parts(syntheticContributions, MicroBatchContribution::gradient),
                                scratch))
                : Optional.empty();
    }

    /** Turns the derivatives with respect to the statistics into those with respect to the results of a micro-batch. */
    private record BackwardPath(
            FeatureStatistic statistic, FeatureComparison comparison, Optional<StyleComparison> style) {

        ConvolutionDerivative byConvolutions(int batch) {
            return style.map(terms -> terms.byConvolutions(batch)).orElse(ConvolutionDerivative.NONE);
        }

        Tensor byFeatures(Activations activations, int batch, ThreadWorkspace scratch) {
            Tensor byFeatures = activations.takeFeatures(scratch);
            statistic.derivative(
                    activations.features(), comparison.byStatistic(), 1.0 / batch, byFeatures.asMatrix(), scratch);
            return byFeatures;
        }
    }

    private List<Double> blockLosses(
            Optional<GradientComparison.Outcome> byGradients,
            Optional<FeatureComparison> byFeatures,
            Optional<StyleComparison> byStyle) {
        int depth = network.architecture().depth();
        List<Double> blockLosses = new ArrayList<>(byGradients
                .map(GradientComparison.Outcome::blockLosses)
                .orElseGet(() -> Collections.nCopies(depth, 0.0)));
        byFeatures.ifPresent(features -> blockLosses.set(depth - 1, blockLosses.get(depth - 1) + features.loss()));
        byStyle.ifPresent(terms -> {
            for (int block = 0; block < depth; block++) {
                blockLosses.set(
                        block, blockLosses.get(block) + terms.blockLosses().get(block));
            }
        });
        return blockLosses;
    }

    /** Propagates the derivatives back through the network, the augmentation and the decoding to the stored images. */
    private double[][] imageGradient(
            List<MicroBatchContribution> contributions,
            List<MicroBatch> batches,
            Optional<ParameterDirection> direction,
            Optional<BackwardPath> backwardPath) {
        return synthetic.gradient(threads.map(batches.size(), (index, workspace) -> {
            NetworkPasses passes = contributions.get(index).passes().orElseThrow();
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                return synthetic.adjoint(batches.get(index), imageGradient(passes, direction, backwardPath, workspace));
            }
        }));
    }

    private Tensor imageGradient(
            NetworkPasses passes,
            Optional<ParameterDirection> direction,
            Optional<BackwardPath> backwardPath,
            ThreadWorkspace workspace) {
        Activations activations = passes.activations();
        Optional<Tensor> byFeatures =
                backwardPath.map(path -> path.byFeatures(activations, synthetic.size(), workspace));
        if (activations instanceof ConvNetActivations convNet) {
            return direction
                    .map(towards ->
                            convNet.imageGradientOf(towards, passes.cotangents().orElseThrow(), byFeatures, workspace))
                    .orElseGet(() -> convNet.imageGradient(
                            byFeatures.orElseThrow(),
                            backwardPath.orElseThrow().byConvolutions(synthetic.size()),
                            workspace));
        }
        return activations.imageGradient(byFeatures.orElseThrow(), workspace);
    }
}
