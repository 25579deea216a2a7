package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Presets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is tried.
 *
 * @param classes of the dataset
 * @param steps in which they arrive
 * @param ipc images stored per class
 * @param stepTime for which the service learns the classes of a step, at most
 * @param students that learn from a memory
 */
public record ContinualPlan(
        Protocol protocol,
        int classes,
        int steps,
        int ipc,
        List<MemoryMethod> contenders,
        List<Long> seeds,
        Duration stepTime,
        Students students) {

    /**
     * Checks that there is an order of the classes by each seed.
     *
     * @throws IllegalArgumentException if there is none, or there are fewer classes than steps
     */
    public ContinualPlan {
        contenders = List.copyOf(contenders);
        seeds = List.copyOf(seeds);
        for (long seed : seeds) {
            protocol.steps(classes, steps, seed);
        }
    }

    /**
     * The networks that learn from a memory.
     *
     * @param name on the command line
     * @param depth blocks of a ConvNet
     * @param width channels of a ConvNet
     * @param repeats networks that learn from each memory
     * @param length of each training
     */
    public record Students(
            String name, EvaluationNetwork network, int depth, int width, int repeats, TrainingLength length) {}

    /** Indices of the classes that arrive in each step. */
    List<List<Integer>> classesByStep(long seed) {
        return protocol.steps(classes, steps, seed);
    }

    /**
     * Deals classes to steps in an order, equally many to each, the first ones having one more where it does not come
     * out even.
     *
     * @throws IllegalArgumentException if there are fewer classes than steps
     */
    static List<List<Integer>> deal(List<Integer> order, int steps) {
        int classes = order.size();
        if (steps < 1 || steps > classes) {
            throw new IllegalArgumentException(
                    "the " + classes + " classes can arrive in 1 to " + classes + " steps, not in " + steps);
        }
        List<List<Integer>> dealt = new ArrayList<>();
        int from = 0;
        for (int step = 0; step < steps; step++) {
            int to = from + classes / steps + (step < classes % steps ? 1 : 0);
            dealt.add(List.copyOf(order.subList(from, to)));
            from = to;
        }
        return dealt;
    }

    /** The same seed for all, and the same start for all that are learned: tiles are what DREAM could start from. */
    DistillationSettings settings(Dataset dataset, MemoryMethod contender, long seed) {
        DistillationSettings quick = Presets.quick(
                dataset.name(),
                dataset.shape(),
                contender.method(),
                ipc,
                Presets.defaultFactor(contender.method()),
                seed);
        return contender.isLearned() ? quick.withComposition(quick.composition().with(Initialiser.K_MEANS)) : quick;
    }

    /** How networks are trained on a memory, and tested at the end. */
    EvaluationSettings evaluation(Dataset dataset, int factor, int images, long seed) {
        TrainingRecipe recipe = students.length().of(protocol.recipe(dataset.name(), ipc, factor), images);
        return new EvaluationSettings(
                recipe, students.network(), students.width(), students.depth(), students.repeats(), 1, seed);
    }
}
