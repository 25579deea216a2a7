package dev.reverie.gpu.joint;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The synthetic images of all classes as a network sees them in a step, one class after the other; all of them, and the
 * real images, get the same normalisation and augmentation.
 */
record JointViews(List<SyntheticViews> byClass, AffineImageTransform view, DistillationContext context) {

    /** A few images of one class, from {@code first} on among the images of all classes. */
    record ClassBatch(int label, int first, MicroBatch batch) {}

    /** Computes the derivative of a loss with respect to the views of a batch, {@code [n, channels, height, width]}. */
    @FunctionalInterface
    interface Derivative {

        Tensor of(ClassBatch images, Tensor views, ThreadWorkspace workspace);
    }

    /** Draws the decoded images of a step, if there are too many, and the augmentation. */
    static JointViews draw(long seed, List<double[][]> stored, DistillationContext context) {
        RandomGenerator random = Seeds.generator(seed);
        AffineImageTransform view = SyntheticViews.drawView(context, random);
        return new JointViews(
                stored.stream()
                        .map(images -> new SyntheticViews(images, context, view, random))
                        .toList(),
                view,
                context);
    }

    int size() {
        return byClass.stream().mapToInt(SyntheticViews::size).sum();
    }

    /** Number of decoded images of a class. */
    int size(int label) {
        return byClass.get(label).size();
    }

    /** One-hot labels, one row for each image. */
    double[][] labels() {
        return IntStream.range(0, byClass.size())
                .boxed()
                .flatMap(label -> IntStream.range(0, size(label)).mapToObj(_ -> OneHotLabels.of(label, byClass.size())))
                .toArray(double[][]::new);
    }

    /** Divides the images into batches of one class each. */
    List<ClassBatch> batches() {
        List<ClassBatch> batches = new ArrayList<>();
        int first = 0;
        for (int label = 0; label < byClass.size(); label++) {
            for (MicroBatch batch : MicroBatch.divide(size(label), context.kernels())) {
                batches.add(new ClassBatch(label, first + batch.start(), batch));
            }
            first += size(label);
        }
        return batches;
    }

    /** Loads the images of a batch. */
    Tensor load(ClassBatch images, ThreadWorkspace workspace) {
        return images.batch().load(context.shape(), byClass.get(images.label())::image, workspace);
    }

    /** Turns derivatives with respect to the views into those with respect to the stored images, by class. */
    List<double[][]> gradients(Derivative derivative) {
        List<ClassBatch> batches = batches();
        List<List<double[]>> shares = context.threads().map(batches.size(), (index, workspace) -> {
            ClassBatch images = batches.get(index);
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                return byClass.get(images.label())
                        .adjoint(images.batch(), derivative.of(images, load(images, workspace), workspace));
            }
        });
        context.threads().reset();
        return IntStream.range(0, byClass.size())
                .mapToObj(label -> byClass.get(label)
                        .gradient(IntStream.range(0, batches.size())
                                .filter(index -> batches.get(index).label() == label)
                                .mapToObj(shares::get)
                                .toList()))
                .toList();
    }
}
