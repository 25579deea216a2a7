package dev.reverie.gpu.joint;

import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.joint.JointViews.ClassBatch;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;

/**
 * A step of kernel ridge regression: the regression from the features that a network has for the synthetic images to
 * their labels, its loss on real images (FRePo, equation 4), and the derivative with respect to the synthetic images.
 * The network is random or partly trained, and held fixed.
 */
record RidgeStep(Network network, DistillationContext context, double regularisation) {

    /** Computes the loss for the synthetic images of a task in double precision, and all of its derivatives. */
    JointLoss of(FitModel task, List<double[][]> stored) {
        JointViews views = JointViews.draw(task.seed(), stored, context);
        double[][] realLabels = task.real().stream()
                .map(one -> OneHotLabels.of(one.label(), stored.size()))
                .toArray(double[][]::new);
        try (Tensor features = embedded(views);
                Tensor real = new BatchTrainer(context.threads())
                        .embed(network, task.real().size(), i -> views.view()
                                .apply(task.real().get(i).image().values()))) {
            RidgeRegression fit = RidgeRegression.of(
                    product(features, features), product(real, features), views.labels(), realLabels, regularisation);
            double[][] byFeatures = byFeatures(fit, features, real);
            // the forward passes again, because the activations of all classes may not fit the memory
            return JointLoss.of(
                    JointLoss.ofOutputs(fit.loss(), network.architecture()),
                    views.gradients((images, x, workspace) -> byImages(byFeatures, images, x, workspace)));
        }
    }

    private Tensor embedded(JointViews views) {
        int width = network.architecture().features();
        Tensor features = kernels().allocate(views.size(), width);
        List<ClassBatch> batches = views.batches();
        context.threads().map(batches.size(), (index, workspace) -> {
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                network.embed(views.load(batches.get(index), workspace), workspace)
                        .copyTo(features, (long) batches.get(index).first() * width);
            }
            return index;
        });
        context.threads().reset();
        return features;
    }

    private Tensor byImages(double[][] byFeatures, ClassBatch images, Tensor x, ThreadWorkspace workspace) {
        Activations activations = network.forward(x, workspace);
        Tensor own = activations.takeFeatures(workspace);
        own.asMatrix()
                .setRows(Arrays.copyOfRange(
                        byFeatures,
                        images.first(),
                        images.first() + images.batch().size()));
        return activations.imageGradient(own, workspace);
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

    private Kernels kernels() {
        return context.kernels();
    }
}
