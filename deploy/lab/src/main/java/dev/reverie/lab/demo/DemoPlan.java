package dev.reverie.lab.demo;

import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.QuickTimeLimit;
import dev.reverie.lab.report.ResultFolder;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a demo.
 *
 * @param steps number of gradient steps for which every evaluation network is trained, regardless of the size of the
 *     set
 * @param out folder for the report; the run of each method gets a subfolder
 */
record DemoPlan(int ipc, Duration timeLimit, int steps, int repeats, long seed, ResultFolder out) {

    static final int STEPS = 2100;

    static final String REPORT = "report.html";

    static final int EVALUATION_WIDTH = 48;

    /** The methods of the compared sets: the distilled set, its initial images, and the coresets, in this order. */
    static final List<Method> METHODS =
            List.of(Method.DREAM, Method.TILE, Method.RANDOM, Method.HERDING, Method.K_CENTER);

    /**
     * Returns the settings of a method, which learns until the time limit if it learns. All methods use the same seed,
     * so the images of {@link Method#TILE} are exactly the initial images of DREAM.
     */
    DistillationSettings settings(Dataset dataset, Method method) {
        DistillationSettings quick =
                Presets.quick(dataset.name(), dataset.shape(), method, ipc, Presets.defaultFactor(method), seed);
        return QuickTimeLimit.apply(quick, timeLimit, false, 1, dataset.train().size());
    }

    /** Returns evaluation settings with the published recipe, shortened to about {@link #steps} gradient steps. */
    EvaluationSettings evaluation(Dataset dataset, DistillationSettings settings, int images) {
        TrainingRecipe published = TrainingRecipe.published(dataset.name(), ipc, settings.factor());
        return EvaluationSettingsBuilder.builder()
                .recipe(published.withSteps(steps, images))
                .width(EVALUATION_WIDTH)
                .depth(settings.network().depth())
                .repeats(repeats)
                .seed(seed)
                .build();
    }

    RunFolder folder(Method method) {
        return new RunFolder(out.file(method.label()));
    }
}
