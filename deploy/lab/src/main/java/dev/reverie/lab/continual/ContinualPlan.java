package dev.reverie.lab.continual;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Presets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a class-incremental experiment.
 *
 * @param size size of every memory; with a total, its images per class are those of a class in the first step
 * @param stepTime maximum time for which the service distils the classes of a step
 */
record ContinualPlan(
        Protocol protocol,
        Dataset dataset,
        int steps,
        MemorySize size,
        List<MemoryMethod> methods,
        List<Long> seeds,
        Duration stepTime,
        Students students) {

    /**
     * Checks the number of steps with each seed.
     *
     * @throws IllegalArgumentException if the number of steps is not from 1 to the number of classes, or if the
     *     protocol does not accept a seed
     */
    ContinualPlan {
        methods = List.copyOf(methods);
        seeds = List.copyOf(seeds);
        for (long seed : seeds) {
            protocol.steps(dataset.classes(), steps, seed);
        }
    }

    /**
     * The networks that are trained on each memory. If neither training steps nor epochs are present, they are trained
     * for the published number of epochs.
     *
     * @param trainingSteps approximate number of gradient steps, regardless of the size of the memory
     */
    record Students(
            @JsonProperty("network") String name,
            @JsonIgnore EvaluationNetwork network,
            @JsonIgnore int depth,
            int width,
            int repeats,
            Optional<Integer> trainingSteps,
            Optional<Integer> epochs) {

        /** Returns a recipe with their length; its learning rate drops at the same fractions of the training. */
        private TrainingRecipe shortened(TrainingRecipe published, int images) {
            return trainingSteps
                    .map(steps -> published.withSteps(steps, images))
                    .or(() -> epochs.map(published::withEpochs))
                    .orElse(published);
        }
    }

    /** Returns the same plan for another size of the memories. */
    ContinualPlan with(MemorySize other) {
        return new ContinualPlan(protocol, dataset, steps, other, methods, seeds, stepTime, students);
    }

    /** Returns the same plan for another form of the dataset. */
    ContinualPlan with(Dataset other) {
        return new ContinualPlan(protocol, other, steps, size, methods, seeds, stepTime, students);
    }

    /** Returns the qualities at which the images of a memory are coded, each for a memory of its own. */
    List<Integer> qualities(MemoryMethod method) {
        return size.isInBytes() && !method.isLearned()
                ? size.qualities()
                : List.of(size.coding().quality());
    }

    List<List<Integer>> classesByStep(long seed) {
        return protocol.steps(dataset.classes(), steps, seed);
    }

    /**
     * Splits ordered classes into consecutive steps of equal size. If the classes cannot be divided equally, each of
     * the first steps has one more class than the others.
     */
    static List<List<Integer>> split(List<Integer> order, int steps) {
        int classes = order.size();
        if (steps < 1 || steps > classes) {
            throw new IllegalArgumentException(
                    classes == 1
                            ? "1 class arrives in 1 step, not in " + steps
                            : classes + " classes can arrive in 1 to " + classes + " steps, not in " + steps);
        }
        List<List<Integer>> result = new ArrayList<>();
        int from = 0;
        for (int step = 0; step < steps; step++) {
            int to = from + classes / steps + (step < classes % steps ? 1 : 0);
            result.add(List.copyOf(order.subList(from, to)));
            from = to;
        }
        return result;
    }

    /**
     * Returns the settings of a method, which are the defaults of a service. All methods use the same seed. All
     * distilled memories start from k-means representatives; {@link MemoryMethod#TILE} stores those of
     * {@link MemoryMethod#DREAM} without distillation.
     */
    DistillationSettings settings(MemoryMethod method, int ipc, long seed) {
        DistillationSettings preset =
                Presets.stream(dataset.name(), dataset.shape(), method.method(), ipc, factor(method), seed);
        return method.isLearned() ? preset.withComposition(preset.composition().with(Initialiser.K_MEANS)) : preset;
    }

    /** Returns the multi-formation factor of the stored images of a method. */
    int factor(MemoryMethod method) {
        return method.factor(FactorRule.of(size.coding().maxBytes()), dataset.shape());
    }

    /** Returns the settings with which networks are trained on images and tested; {@code ipc} of them are stored. */
    EvaluationSettings evaluation(int ipc, int factor, int images, long seed) {
        TrainingRecipe published = protocol.recipe(dataset.name(), ipc, factor);
        return EvaluationSettingsBuilder.builder()
                .recipe(students.shortened(published, images))
                .network(students.network())
                .width(students.width())
                .depth(students.depth())
                .repeats(students.repeats())
                .seed(seed)
                .build();
    }
}
