package dev.reverie.deploy.experiments.demo;

import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a demo does.
 *
 * @param ipc images stored per class, for every set
 * @param timeLimit of the distillation
 * @param steps gradient steps of every training in the evaluation: the same for large and small sets
 * @param repeats networks trained on each set
 * @param seed of every random choice
 * @param out folder of the report, and of one run a method
 */
public record DemoPlan(int ipc, Duration timeLimit, int steps, int repeats, long seed, Path out) {

    /** The learned set first, then where it starts from, then the coresets. */
    static final List<Method> CONTENDERS =
            List.of(Method.DREAM, Method.TILE, Method.RANDOM, Method.HERDING, Method.K_CENTER);

    /** Accuracies at width 64 are the same, and take half as long again. */
    private static final int EVALUATION_WIDTH = 48;

    /** Same seed for all: the tiles are exactly the images that DREAM starts from. */
    DistillationSettings settings(Dataset dataset, Method method) {
        return Presets.quick(dataset.name(), dataset.shape(), method, ipc, Presets.defaultFactor(method), seed);
    }

    /** The published recipe, cut to the plan's number of gradient steps for a set of that many images. */
    EvaluationSettings evaluation(Dataset dataset, DistillationSettings settings, int images) {
        TrainingRecipe published = TrainingRecipe.published(dataset.name(), ipc, settings.factor());
        return new EvaluationSettings(
                published.withSteps(steps, images),
                EVALUATION_WIDTH,
                settings.network().depth(),
                repeats,
                1,
                seed);
    }

    RunFolder folder(Method method) {
        return new RunFolder(out.resolve(method.label()));
    }

    /** The page to look at in the end. */
    public Path report() {
        return out.resolve("report.html");
    }
}
