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
 * What all analyses have in common: the data, and how long to distil and to judge. All runs are those of the quick
 * preset but for what is said here, so that two analyses that want the same run share it.
 *
 * @param ipc images stored per class
 * @param width channels of every network
 * @param outerIterations of every run, at least 1
 * @param innerLoops per outer iteration
 * @param seeds everything is done once for each; at least one
 * @param evaluationSteps gradient steps of every network that judges a set
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
     * Inner loops of an outer iteration from one that is looked at closely to the next: as many as lie between two
     * choices of representatives by default.
     */
    public static final int BETWEEN_MOMENTS = 10;

    /** The class that is looked at where one has to do, as in the paper. */
    static final int CLASS = 0;

    /** Points of a course, beside the one that it starts from. */
    private static final int MARKS = 10;

    private static final int SAMPLE = 500;

    public AnalysisSettings {
        seeds = List.copyOf(seeds);
    }

    /**
     * Outer iterations after which a course of accuracies has its points: 0, the last one, and others evenly between
     * them.
     */
    List<Integer> marks() {
        int steps = Math.min(MARKS, outerIterations);
        return IntStream.rangeClosed(0, steps)
                .map(step -> Math.round((float) step * outerIterations / steps))
                .boxed()
                .toList();
    }

    /** A method as published, but as long as this study's runs. */
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

    /** DREAM with another choice of real batches and another start. */
    DistillationSettings dream(Initialiser initialiser, SelectionRule representatives, long seed) {
        return composed(dream(seed), initialiser, representatives);
    }

    /** What DREAM improves on, which is IDC with a start that is random in deed. */
    DistillationSettings random(long seed) {
        return dream(Initialiser.RANDOM, SelectionRule.RANDOM, seed);
    }

    static DistillationSettings composed(
            DistillationSettings settings, Initialiser initialiser, SelectionRule representatives) {
        MethodDefinition parts = settings.composition().with(initialiser).with(representatives);
        return settings.withComposition(parts);
    }

    /** How a set of that many decoded images is judged: by the published recipe, cut to the study's steps. */
    EvaluationSettings evaluation(DistillationSettings settings, int images) {
        TrainingRecipe published = TrainingRecipe.published(dataset.name(), ipc, settings.factor());
        return new EvaluationSettings(
                published.withSteps(evaluationSteps, images),
                width,
                settings.network().depth(),
                1,
                1,
                settings.seed());
    }

    /** Some images of a class, drawn once for all, that stand for it where looking at all takes too long. */
    List<Image> sample(int label) {
        List<Image> all = dataset.trainByClass().get(label);
        return RandomSelection.of(all.size(), Math.min(SAMPLE, all.size()), label).stream()
                .map(all::get)
                .toList();
    }
}
