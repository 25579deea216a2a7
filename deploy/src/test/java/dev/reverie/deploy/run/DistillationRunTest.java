package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.actors.Samples;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.folder.LeftOut;
import dev.reverie.gpu.dataset.published.Datasets;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.PublishedRecipe;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A distillation run")
class DistillationRunTest {

    @Test
    @DisplayName("tells how far the network is trained that chooses its images, and how far its set is evaluated")
    void tellsOfLongWork(@TempDir Path folder) throws IOException {
        Dataset dataset = Datasets.load(TinyImageFolder.writeTo(folder.resolve("images")), Optional.empty());
        RunFolder out = new RunFolder(folder.resolve("run"));
        out.create();
        Told told = new Told();

        herding(dataset, out).execute(List.of(told), _ -> {});

        assertThat(told.selection).containsExactly("4/12", "8/12");
        assertThat(told.evaluation).last(STRING).matches("([1-9]\\d*)/\\1");
    }

    private static DistillationRun herding(Dataset dataset, RunFolder out) {
        DistillationSettings settings = Samples.settings(Method.HERDING);
        TrainingRecipe recipe = PublishedRecipe.IDC.of(new PublishedRecipe.Target(
                dataset.name(), 2, 1, dataset.classes(), EvaluationNetwork.CONVNET, Double.NaN));
        EvaluationSettings evaluation = EvaluationSettingsBuilder.builder()
                .recipe(recipe)
                .width(4)
                .depth(2)
                .steps(Optional.of(6))
                .build();
        return new DistillationRun(
                dataset,
                settings.withSchedule(settings.schedule().withOuterIterations(0).withSelectionSamples(12)),
                SetFormat.BYTES,
                out,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new PeriodicEvaluation(Duration.ofHours(1), evaluation)),
                new LeftOut(false),
                "use less memory.",
                MatchingEngine::open,
                InstantSource.system(),
                new SteadyClock(InstantSource.system(), System::nanoTime));
    }

    /** What a listener was told. */
    private static final class Told implements RunListener {

        private final List<String> selection = Collections.synchronizedList(new ArrayList<>());
        private final List<String> evaluation = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void on(TelemetryEvent event) {
            // only the other work counts
        }

        @Override
        public void selectionTrained(int samples, int total) {
            selection.add(samples + "/" + total);
        }

        @Override
        public void evaluationTrained(int epoch, int epochs) {
            evaluation.add(epoch + "/" + epochs);
        }
    }
}
