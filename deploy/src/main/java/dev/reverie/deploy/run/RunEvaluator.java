package dev.reverie.deploy.run;

import dev.reverie.actors.run.SetEvaluation.SetEvaluator;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.Evaluator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * Evaluates the set of a run as {@code evaluate} would evaluate its file.
 *
 * @param test real images, not empty, labelled with the positions of their classes in the set
 * @param format format in which the run writes the set
 * @param listeners are told of the training of the networks
 */
public record RunEvaluator(
        List<LabelledImage> test, SetFormat format, EvaluationSettings settings, List<RunListener> listeners)
        implements SetEvaluator {

    public RunEvaluator {
        test = List.copyOf(test);
        listeners = List.copyOf(listeners);
    }

    @Override
    public OptionalDouble accuracy(DistilledSet set, BooleanSupplier stopped) {
        EvaluationProgress progress =
                (_, epoch, epochs, _) -> listeners.forEach(listener -> listener.evaluationTrained(epoch, epochs));
        try (Evaluator evaluator = Evaluator.open()) {
            return OptionalDouble.of(evaluator
                    .evaluate(format.of(set), test, settings, progress.stoppedBy(stopped, StoppedException::new))
                    .mean());
        } catch (StoppedException _) {
            return OptionalDouble.empty();
        }
    }
}
