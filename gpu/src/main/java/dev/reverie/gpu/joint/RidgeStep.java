package dev.reverie.gpu.joint;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A step of kernel ridge regression: the regression from the features that a network has for the synthetic images to
 * their labels, its loss on real images (FRePo, equation 4), and the derivative with respect to the synthetic images.
 * Real and synthetic images get the same augmentation. The network is random or partly trained, and held fixed.
 */
record RidgeStep(Network network, DistillationContext context, double regularisation) {

    /** Computes the loss for the synthetic images of a task in double precision, and all of its derivatives. */
    JointLoss of(FitModel task, List<double[][]> stored) {
        RandomGenerator random = Seeds.generator(task.seed());
        AffineImageTransform view = SyntheticViews.drawView(context, random);
        List<SyntheticViews> seen = stored.stream()
                .map(images -> new SyntheticViews(images, context, view, random))
                .toList();
        List<ClassImage> all = IntStream.range(0, seen.size())
                .boxed()
                .flatMap(label -> IntStream.range(0, seen.get(label).size())
                        .mapToObj(index -> new ClassImage(label, index, seen.get(label))))
                .toList();
        double[][] labels = all.stream().map(image -> oneHot(image.label())).toArray(double[][]::new);
        double[][] realLabels =
                task.real().stream().map(one -> oneHot(one.label())).toArray(double[][]::new);
        BatchTrainer trainer = new BatchTrainer(context.threads());
        try (Tensor features =
                        trainer.embed(network, all.size(), i -> all.get(i).values());
                Tensor real = trainer.embed(
                        network,
                        task.real().size(),
                        i -> view.apply(task.real().get(i).image().values()))) {
            RidgeRegression fit = RidgeRegression.of(
                    product(features, features), product(real, features), labels, realLabels, regularisation);
            return new RidgeLoss(
                    new JointOutcome(fit.loss(), JointLoss.ofOutputs(fit.loss(), network.architecture()), 0),
                    imageGradients(all, seen, byFeatures(fit, features, real)));
        }
    }

    private double[] oneHot(int label) {
        return OneHotLabels.of(label, network.architecture().classes());
    }

    /** The inner products of the rows of two matrices. */
    private double[][] product(Tensor rows, Tensor columns) {
        try (Tensor product = kernels().allocate(rows.dimension(0), columns.dimension(0))) {
            kernels().multiply(Factor.of(rows), Factor.transposed(columns), false, product);
            return product.toRows();
        }
    }

    /** Turns derivatives with respect to the kernel matrices into those with respect to the synthetic features. */
    private double[][] byFeatures(RidgeRegression fit, Tensor features, Tensor real) {
        double[][] byKernel = fit.byKernel().add(fit.byKernel().transpose()).getData();
        double[][] byRealKernel = fit.byRealKernel().getData();
        try (Tensor own = kernels().allocate(byKernel.length, byKernel.length);
                Tensor cross = kernels().allocate(byRealKernel.length, byKernel.length);
                Tensor result = kernels().allocate(byKernel.length, features.dimension(1))) {
            own.setRows(byKernel);
            cross.setRows(byRealKernel);
            kernels().multiply(Factor.of(own), Factor.of(features), false, result);
            kernels().multiply(Factor.transposed(cross), Factor.of(real), true, result);
            return result.toRows();
        }
    }

    /** Computes the forward passes again, because the activations of all classes together may not fit the memory. */
    private List<double[][]> imageGradients(List<ClassImage> all, List<SyntheticViews> seen, double[][] byFeatures) {
        List<List<double[]>> shares = MicroBatch.map(all.size(), context.threads(), (batch, workspace) -> {
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                Tensor x = batch.load(context.shape(), i -> all.get(i).values(), workspace);
                Activations activations = network.forward(x, workspace);
                Tensor byOwn = activations.takeFeatures(workspace);
                byOwn.asMatrix().setRows(Arrays.copyOfRange(byFeatures, batch.start(), batch.start() + batch.size()));
                double[][] rows = activations.imageGradient(byOwn, workspace).toRows();
                return batch.places()
                        .mapToObj(place -> all.get(batch.start() + place).adjoint(rows[place]))
                        .toList();
            }
        });
        context.threads().reset();
        List<double[]> inOrder = shares.stream().flatMap(List::stream).toList();
        int[] ends = seen.stream().mapToInt(SyntheticViews::size).toArray();
        Arrays.parallelPrefix(ends, Integer::sum);
        return IntStream.range(0, seen.size())
                .mapToObj(label -> seen.get(label)
                        .gradient(List.of(
                                inOrder.subList(ends[label] - seen.get(label).size(), ends[label]))))
                .toList();
    }

    private Kernels kernels() {
        return context.kernels();
    }

    /** A decoded image of a class, as the network sees it. */
    private record ClassImage(int label, int index, SyntheticViews views) {

        double[] values() {
            return views.image(index);
        }

        double[] adjoint(double[] byView) {
            return views.adjoint(index, byView);
        }
    }

    private record RidgeLoss(JointOutcome outcome, List<double[][]> gradients) implements JointLoss {

        @Override
        public double[][] imageGradient(int label) {
            return gradients.get(label);
        }
    }
}
