package dev.reverie.deploy.run;

import dev.reverie.actors.run.SetEvaluation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.Evaluator;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * The evaluation of a run's set at intervals.
 *
 * @param interval learning time between two evaluations, positive
 * @param settings network that each evaluation trains, and its training
 */
public record PeriodicEvaluation(Duration interval, EvaluationSettings settings) {

    /**
     * Returns the evaluation on the test images of a dataset, of which there must be some: that of {@code evaluate} for
     * the file of the set.
     *
     * @param listeners are told of the training of the networks
     */
    SetEvaluation of(Dataset dataset, SetFormat format, List<RunListener> listeners) {
        EvaluationProgress progress =
                (_, epoch, epochs, _) -> listeners.forEach(listener -> listener.evaluationTrained(epoch, epochs));
        return new SetEvaluation(
                interval, (set, stopped) -> accuracy(format.of(set), dataset.test(), stopped, progress));
    }

    private OptionalDouble accuracy(
            DistilledSet set, List<LabelledImage> test, BooleanSupplier stopped, EvaluationProgress progress) {
        try (Evaluator evaluator = Evaluator.open()) {
            return OptionalDouble.of(evaluator
                    .evaluate(set, test, settings, progress.stoppedBy(stopped, StoppedException::new))
                    .mean());
        } catch (StoppedException _) {
            return OptionalDouble.empty();
        }
    }
}
