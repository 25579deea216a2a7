package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.util.List;

/** Trains an evaluation network on a memory and tests it on real images. */
@FunctionalInterface
public interface EvaluationNetworkTrainer {

    /**
     * Trains a network on the memory alone and tests the network. Can take minutes.
     *
     * @param test real images of classes that the memory contains, at least one, labelled with the position of their
     *     class among the classes of the memory
     * @param progress called after each step and each epoch; an exception that it throws ends the training
     */
    EvaluationReport trainAndTest(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress);
}
