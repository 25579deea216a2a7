package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.util.List;

/** Learns from a memory alone, and is tested. Takes its time. */
@FunctionalInterface
public interface EvaluationNetworkTrainer {

    /**
     * Learns, and says what it gets right.
     *
     * @param test real images of classes of the memory, not empty
     * @param progress hears of each step; what it throws ends the learning
     */
    EvaluationReport learn(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress);
}
