package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Computes the gradient of a trained network's cross-entropy with respect to the synthetic images. This gradient keeps
 * the images recognisable (class-aware regularisation in IDM, distribution calibration in DANCE, distribution
 * constraint in TGDD).
 *
 * @param weight weight of the mean cross-entropy
 */
record CalibrationStep(Network network, ComputeThreads threads, double weight) {

    /** Draws the views of a step independently of those for matching, as in DANCE. */
    static SyntheticViews ownViews(MatchTask task, double[][] stored, DistillationContext context) {
        RandomGenerator random = Seeds.generator(Seeds.of(task.seed(), Seeds.Purpose.CALIBRATE));
        AffineImageTransform view = SyntheticViews.drawView(context, random);
        return new SyntheticViews(stored, context, view, random);
    }

    /**
     * Computes the gradient of the weighted mean cross-entropy with respect to each stored image, for the output of
     * their class.
     */
    double[][] gradient(int output, SyntheticViews seen) {
        List<List<double[]>> shares = MicroBatch.map(seen.size(), threads, (batch, workspace) -> {
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                Activations activations =
                        network.forward(batch.load(network.architecture().input(), seen::image, workspace), workspace);
                double[][] targets =
                        OneHotLabels.repeated(output, network.architecture().classes(), batch.size());
                return seen.adjoint(
                        batch,
                        activations.imageGradient(
                                activations.lossByFeatures(targets, weight / seen.size(), workspace), workspace));
            }
        });
        threads.reset();
        return seen.gradient(shares);
    }
}
