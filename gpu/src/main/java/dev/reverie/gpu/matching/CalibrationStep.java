package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.formation.MultiFormation;
import dev.reverie.gpu.formation.SyntheticViews;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Computes the gradient of a trained network's cross-entropy with respect to the synthetic images. This gradient keeps
 * the images recognisable (distribution calibration in DANCE). The augmentation is drawn independently of the
 * augmentation for matching.
 */
record CalibrationStep(ConvNet network, ComputeThreads threads, DistillationSettings.Matching settings) {

    /**
     * Computes the gradient of the weighted mean cross-entropy with respect to each stored image.
     *
     * @param stored the synthetic images of the task, in double precision
     * @param normalise normalisation, applied before the augmentation
     */
    double[][] gradient(MatchTask task, double[][] stored, MultiFormation formation, AffineImageTransform normalise) {
        RandomGenerator random = Seeds.generator(Seeds.of(task.seed(), Seeds.Purpose.CALIBRATE));
        AffineImageTransform view = normalise.then(
                Augmentation.of(settings.augmentation(), formation.shape()).draw(random));
        SyntheticViews seen = new SyntheticViews(stored, formation, settings, view, random);
        List<MicroBatch> batches = MicroBatch.divide(seen.size());
        List<List<double[]>> shares = threads.map(batches.size(), (index, workspace) -> {
            MicroBatch batch = batches.get(index);
            try (ThreadWorkspace.Scope temporary = workspace.scope()) {
                Activations activations =
                        network.forward(batch.load(formation.shape(), seen::image, workspace), workspace);
                double[][] targets = OneHotLabels.repeated(
                        task.output(), network.architecture().classes(), batch.size());
                return seen.adjoint(
                        batch,
                        activations.imageGradient(
                                activations.lossByFeatures(targets, settings.calibration() / seen.size(), workspace),
                                workspace));
            }
        });
        threads.reset();
        return seen.gradient(shares);
    }
}
