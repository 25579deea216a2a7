package dev.reverie.gpu.joint;

import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.joint.JointViews.ClassBatch;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetActivations;
import dev.reverie.gpu.network.CrossEntropy;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A step of CAFE (CVPR 2022): after every layer, the mean output for the synthetic images of each class is compared
 * with that for its real images (equation 2), and the mean features of the synthetic classes classify the real images
 * by their inner products (equations 3 and 4).
 *
 * @param discrimination weight of the cross-entropy of that classification
 */
record CafeStep(ConvNet network, DistillationContext context, double discrimination) {

    /**
     * What a network makes of the images of one class.
     *
     * @param layers mean outputs of the convolutions, before their normalisation, and the mean features
     * @param features one row for each image
     */
    private record ClassOutputs(List<double[]> layers, List<double[]> features) {}

    /** Computes the loss for the synthetic images of a task in double precision, and all of its derivatives. */
    JointLoss of(FitModel task, List<double[][]> stored) {
        JointViews views = JointViews.draw(task.seed(), stored, context);
        List<ClassOutputs> real = new ArrayList<>();
        List<ClassOutputs> own = new ArrayList<>();
        for (int each = 0; each < stored.size(); each++) {
            int label = each;
            List<double[]> images = task.real().stream()
                    .filter(one -> one.label() == label)
                    .map(one -> one.image().values())
                    .toList();
            real.add(outputs(
                    images.size(),
                    (batch, workspace) ->
                            batch.load(context.shape(), i -> views.view().apply(images.get(i)), workspace)));
            own.add(outputs(
                    views.size(label), (batch, workspace) -> views.load(new ClassBatch(label, 0, batch), workspace)));
        }
        double[] blockLosses = new double[network.architecture().depth()];
        List<List<double[]>> byMeans = alignment(real, own, blockLosses);
        blockLosses[blockLosses.length - 1] += discrimination(real, own, byMeans);
        return JointLoss.of(
                Arrays.stream(blockLosses).boxed().toList(),
                views.gradients((images, x, workspace) ->
                        byImages(byMeans.get(images.label()), views.size(images.label()), x, workspace)));
    }

    private ClassOutputs outputs(int count, BiFunction<MicroBatch, ThreadWorkspace, Tensor> load) {
        List<ClassOutputs> parts = MicroBatch.map(count, context.threads(), (batch, workspace) -> {
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                List<double[]> layers = new ArrayList<>();
                double[][] features = network.embed(
                                load.apply(batch, workspace),
                                (norm, _) -> layers.add(share(norm.z().toRows(), count)),
                                workspace)
                        .toRows();
                layers.add(share(features, count));
                return new ClassOutputs(layers, List.of(features));
            }
        });
        context.threads().reset();
        List<double[]> means = IntStream.range(0, parts.getFirst().layers().size())
                .mapToObj(layer -> parts.stream()
                        .map(part -> part.layers().get(layer))
                        .reduce(CafeStep::sum)
                        .orElseThrow())
                .toList();
        return new ClassOutputs(
                means, parts.stream().flatMap(part -> part.features().stream()).toList());
    }

    /** The contribution of some rows to the mean of {@code count} rows. */
    private static double[] share(double[][] rows, int count) {
        double[] sum = new double[rows[0].length];
        for (double[] row : rows) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i] / count;
            }
        }
        return sum;
    }

    private static double[] sum(double[] one, double[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] + other[i])
                .toArray();
    }

    /**
     * Compares the means of all layers, each per position of its maps, so that the first layers do not outweigh the
     * last one; returns the derivatives with respect to the synthetic means, by class and layer.
     */
    private List<List<double[]>> alignment(List<ClassOutputs> real, List<ClassOutputs> own, double[] blockLosses) {
        List<List<double[]>> byMeans = new ArrayList<>();
        for (int label = 0; label < own.size(); label++) {
            List<double[]> derivatives = new ArrayList<>();
            for (int layer = 0; layer <= blockLosses.length; layer++) {
                double[] target = real.get(label).layers().get(layer);
                double[] mean = own.get(label).layers().get(layer);
                double weight = (double) network.architecture().width() / mean.length;
                double[] derivative = new double[mean.length];
                double distance = 0;
                for (int i = 0; i < mean.length; i++) {
                    double difference = mean[i] - target[i];
                    distance += weight * difference * difference;
                    derivative[i] = 2 * weight * difference;
                }
                blockLosses[Math.min(layer, blockLosses.length - 1)] += distance;
                derivatives.add(derivative);
            }
            byMeans.add(derivatives);
        }
        return byMeans;
    }

    /** Returns the weighted cross-entropy of all real images, and adds its derivative to that of the mean features. */
    private double discrimination(List<ClassOutputs> real, List<ClassOutputs> own, List<List<double[]>> byMeans) {
        int classes = own.size();
        int count = real.stream().mapToInt(outputs -> outputs.features().size()).sum();
        double loss = 0;
        for (int label = 0; label < classes; label++) {
            for (double[] features : real.get(label).features()) {
                double[] logits = own.stream()
                        .mapToDouble(
                                outputs -> product(features, outputs.layers().getLast()))
                        .toArray();
                double[] target = OneHotLabels.of(label, classes);
                double[] probabilities = CrossEntropy.softmax(logits);
                loss += CrossEntropy.loss(logits, target);
                for (int k = 0; k < classes; k++) {
                    double weight = discrimination * (probabilities[k] - target[k]) / count;
                    double[] derivative = byMeans.get(k).getLast();
                    for (int i = 0; i < features.length; i++) {
                        derivative[i] += weight * features[i];
                    }
                }
            }
        }
        return discrimination * loss / count;
    }

    private static double product(double[] one, double[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] * other[i])
                .sum();
    }

    /** Each image of a class has the same part in the means. */
    private Tensor byImages(List<double[]> byMeans, int count, Tensor x, ThreadWorkspace workspace) {
        ConvNetActivations activations = network.forward(x, workspace);
        int samples = x.dimension(0);
        Tensor byFeatures = activations.takeFeatures(workspace);
        byFeatures.asMatrix().setRows(repeated(byMeans.getLast(), count, samples));
        return activations.imageGradient(
                byFeatures,
                (block, _, byConvolved, scratch) -> {
                    Tensor rows = scratch.take(samples, byMeans.get(block).length);
                    rows.setRows(repeated(byMeans.get(block), count, samples));
                    network.kernels().add(rows, byConvolved.asMatrix());
                },
                workspace);
    }

    private static double[][] repeated(double[] byMean, int count, int samples) {
        double[] each = Arrays.stream(byMean).map(value -> value / count).toArray();
        return Collections.nCopies(samples, each).toArray(double[][]::new);
    }
}
