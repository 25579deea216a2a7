package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.MethodDefinition;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Settings that all analyses share: the data, and the length of distillation and evaluation. Everything else comes from
 * the quick preset, so that analyses that need the same run share it.
 *
 * @param ipc images stored per class
 * @param width channels of every network
 * @param outerIterations of every run, at least 1
 * @param innerLoops per outer iteration
 * @param seeds at least one; every analysis runs once per seed
 * @param evaluationSteps gradient steps of every evaluation network
 */
public record AnalysisSettings(
        Dataset dataset,
        int ipc,
        int width,
        int outerIterations,
        int innerLoops,
        List<Long> seeds,
        int evaluationSteps) {

    /**
     * Inner loops of an outer iteration between two snapshots: by default, the number between two choices of
     * representatives.
     */
    public static final int SNAPSHOT_INTERVAL = 10;

    /** The class that analyses of a single class examine, as in the paper. */
    static final int CLASS = 0;

    /** Points of an accuracy curve, without the one at the start. */
    private static final int EVALUATED_ITERATIONS = 10;

    private static final int SAMPLE_SIZE = 500;

    public AnalysisSettings {
        seeds = List.copyOf(seeds);
    }

    /**
     * Returns the outer iterations after which an accuracy curve has its points: 0, the last one, and others evenly
     * spaced between them.
     */
    List<Integer> evaluatedIterations() {
        int steps = Math.min(EVALUATED_ITERATIONS, outerIterations);
        return IntStream.rangeClosed(0, steps)
                .map(step -> Math.round((float) step * outerIterations / steps))
                .boxed()
                .toList();
    }

    /** Returns the quick preset of a method with the length of these settings' runs. */
    DistillationSettings settings(Method method, long seed) {
        DistillationSettings quick =
                Presets.quick(dataset.name(), dataset.shape(), method, ipc, Presets.defaultFactor(method), seed);
        return quick.withNetwork(quick.network().withWidth(width))
                .withSchedule(
                        quick.schedule().withOuterIterations(outerIterations).withInnerLoops(innerLoops));
    }

    DistillationSettings dream(long seed) {
        return settings(Method.DREAM, seed);
    }

    /** Returns DREAM with another initialisation and another choice of real batches. */
    DistillationSettings dream(Initialiser initialiser, SelectionRule representatives, long seed) {
        return composed(dream(seed), initialiser, representatives);
    }

    /** Returns DREAM's baseline: IDC, initialised with random images. */
    DistillationSettings random(long seed) {
        return dream(Initialiser.RANDOM, SelectionRule.RANDOM, seed);
    }

    static DistillationSettings composed(
            DistillationSettings run, Initialiser initialiser, SelectionRule representatives) {
        MethodDefinition parts = run.composition().with(initialiser).with(representatives);
        return run.withComposition(parts);
    }

    /**
     * Returns how a set is evaluated: by the published recipe, shortened to {@link #evaluationSteps}.
     *
     * @param images number of decoded images in the set
     */
    EvaluationSettings evaluation(DistillationSettings run, int images) {
        TrainingRecipe published = TrainingRecipe.published(dataset.name(), ipc, run.factor());
        return new EvaluationSettings(
                published.withSteps(evaluationSteps, images),
                width,
                run.network().depth(),
                1,
                1,
                run.seed());
    }

    /** Returns a fixed random sample of a class, for analyses that would take too long on all its images. */
    List<Image> sample(int label) {
        List<Image> all = dataset.trainByClass().get(label);
        return RandomSelection.of(all.size(), Math.min(SAMPLE_SIZE, all.size()), label).stream()
                .map(all::get)
                .toList();
    }
}
