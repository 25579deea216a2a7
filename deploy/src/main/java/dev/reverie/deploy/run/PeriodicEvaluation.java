package dev.reverie.deploy.run;

import dev.reverie.actors.run.SetEvaluation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import java.time.Duration;
import java.util.List;

/**
 * The evaluation of a run's set at intervals.
 *
 * @param interval learning time between two evaluations, positive
 * @param settings network that each evaluation trains, and its training
 */
public record PeriodicEvaluation(Duration interval, EvaluationSettings settings) {

    /** Returns the evaluation on the test images of a dataset, of which there must be some. */
    SetEvaluation of(Dataset dataset, SetFormat format, List<RunListener> listeners) {
        return new SetEvaluation(interval, new RunEvaluator(dataset.test(), format, settings, listeners));
    }
}
