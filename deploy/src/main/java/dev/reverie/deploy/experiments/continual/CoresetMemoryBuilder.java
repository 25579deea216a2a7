package dev.reverie.deploy.experiments.continual;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.Distillation;
import dev.reverie.streams.DistillationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Memories of selected real images. A class is selected in the step in which its images are there. What looks at
 * features sees those of a network that was trained on what there is then: the step's real images and the memory.
 *
 * @param dataset its classes named as in the memories
 */
record CoresetMemoryBuilder(
        ContinualPlan plan, Dataset dataset, EngineFactory engines, ProgressViews progress, Cancellation patience) {

    /** The memory after each step. */
    List<DistilledSet> of(MemoryMethod contender, long seed) {
        DistillationSettings settings = plan.settings(dataset, contender, seed);
        GrowingMemory memory = new GrowingMemory(List.of());
        List<DistilledSet> memories = new ArrayList<>();
        for (List<Integer> classes : plan.classesByStep(seed)) {
            if (patience.isOver()) {
                throw new StoppedException();
            }
            Dataset step = dataset.of(classes);
            Dataset known = contender.looksAtFeatures() ? memory.besides(step) : step;
            String task = "Choosing %s %d/%d".formatted(contender.label(), memories.size() + 1, plan.steps());
            try (ProgressView view = progress.begin(task)) {
                memory = memory.plus(select(known, settings, view), classes.size());
            }
            memories.add(memory.set());
        }
        return memories;
    }

    private DistilledSet select(Dataset known, DistillationSettings settings, ProgressView view) {
        DistillationRequest request =
                new DistillationRequest(known, settings, Optional.empty(), false, Optional.empty());
        try (Distillation selection = Distillation.start(
                request,
                () -> engines.open(settings, dataset.shape(), dataset.normalisation()),
                List.of(new DistillationProgress(view, progress.clock(), Optional.empty())),
                progress.clock())) {
            return selection.result().toCompletableFuture().join().set();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
