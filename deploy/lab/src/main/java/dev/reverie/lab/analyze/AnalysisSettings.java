package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Settings that all analyses share. All other settings come from the quick preset; analyses that need the same run
 * share it.
 *
 * @param width number of channels of every network
 * @param outerIterations number of outer iterations of every run, at least 1
 * @param seeds seeds, at least one; all analyses except coverage repeat their runs with each seed
 * @param evaluationSteps number of gradient steps for which every evaluation network is trained
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
     * Number of inner loops between two snapshots in the same outer iteration; equals the default interval between two
     * choices of representatives.
     */
    public static final int SNAPSHOT_INTERVAL = 10;

    /** The class that analyses of a single class examine, as in the paper. */
    static final int CLASS = 0;

    /** Maximum number of points of an accuracy curve, without the point at the start. */
    private static final int EVALUATED_ITERATIONS = 10;

    private static final int SAMPLE_SIZE = 500;

    public AnalysisSettings {
        seeds = List.copyOf(seeds);
    }

    /**
     * Returns the numbers of outer iterations after which an accuracy curve has a point, evenly spaced from 0 to
     * {@link #outerIterations}.
     */
    List<Integer> evaluatedIterations() {
        int steps = Math.min(EVALUATED_ITERATIONS, outerIterations);
        return IntStream.rangeClosed(0, steps)
                .map(step -> Math.round((float) step * outerIterations / steps))
                .boxed()
                .toList();
    }

    /** Returns the quick preset of a method with the network width and the run length of these settings. */
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

    DistillationSettings dream(Initialiser initialiser, SelectionRule representatives, long seed) {
        return composed(dream(seed), initialiser, representatives);
    }

    /** Returns the settings of DREAM's baseline: IDC, initialised with random real images. */
    DistillationSettings random(long seed) {
        return dream(Initialiser.RANDOM, SelectionRule.RANDOM, seed);
    }

    static DistillationSettings composed(
            DistillationSettings run, Initialiser initialiser, SelectionRule representatives) {
        MethodDefinition parts = run.composition().with(initialiser).with(representatives);
        return run.withComposition(parts);
    }

    /**
     * Returns the settings for evaluating a set: the published recipe, shortened to about {@link #evaluationSteps}
     * gradient steps.
     */
    EvaluationSettings evaluation(DistillationSettings run, int images) {
        TrainingRecipe published = TrainingRecipe.published(dataset.name(), ipc, run.factor());
        return EvaluationSettingsBuilder.builder()
                .recipe(published.withSteps(evaluationSteps, images))
                .width(width)
                .depth(run.network().depth())
                .seed(run.seed())
                .build();
    }

    /** Returns a fixed random sample of the images of a class, for analyses that would take too long on all of them. */
    List<Image> sample(int label) {
        List<Image> all = dataset.trainByClass().get(label);
        return RandomSelection.of(all.size(), Math.min(SAMPLE_SIZE, all.size()), label).stream()
                .map(all::get)
                .toList();
    }
}
