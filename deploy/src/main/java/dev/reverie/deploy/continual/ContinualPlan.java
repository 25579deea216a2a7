package dev.reverie.deploy.continual;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.Recipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Presets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is tried.
 *
 * @param steps class indices that arrive in each step, in the order of the dataset
 * @param ipc images stored per class
 * @param stepTime for which the service learns the classes of a step, at most
 * @param width of the networks that learn from a memory
 * @param trainingSteps gradient steps of each of them
 */
public record ContinualPlan(
        List<List<Integer>> steps,
        int ipc,
        List<Contender> contenders,
        List<Long> seeds,
        Duration stepTime,
        int width,
        int trainingSteps) {

    public ContinualPlan {
        steps = steps.stream().map(List::copyOf).toList();
        contenders = List.copyOf(contenders);
        seeds = List.copyOf(seeds);
    }

    /**
     * Deals classes to steps in their order, equally many to each, the first ones having one more where it does not
     * come out even.
     *
     * @throws IllegalArgumentException if there are fewer classes than steps
     */
    public static List<List<Integer>> deal(int classes, int steps) {
        if (steps < 1 || steps > classes) {
            throw new IllegalArgumentException(
                    "the " + classes + " classes can arrive in 1 to " + classes + " steps, not in " + steps);
        }
        List<List<Integer>> dealt = new ArrayList<>();
        int from = 0;
        for (int step = 0; step < steps; step++) {
            int to = from + classes / steps + (step < classes % steps ? 1 : 0);
            dealt.add(IntStream.range(from, to).boxed().toList());
            from = to;
        }
        return dealt;
    }

    /** The same seed for all: the tiles of a class are what DREAM could start from. */
    DistillationSettings settings(Dataset dataset, Contender contender, long seed) {
        return Presets.quick(
                dataset.name(),
                dataset.shape(),
                contender.method(),
                ipc,
                Presets.defaultFactor(contender.method()),
                seed);
    }

    /** One network, trained by the published recipe, equally long on every memory. */
    EvaluationSettings evaluation(Dataset dataset, int factor, int images, long seed) {
        Recipe recipe = Recipe.published(dataset.name(), ipc, factor).withSteps(trainingSteps, images);
        int depth = settings(dataset, Contender.DREAM, seed).network().depth();
        return new EvaluationSettings(recipe, width, depth, 1, 1, seed);
    }
}
