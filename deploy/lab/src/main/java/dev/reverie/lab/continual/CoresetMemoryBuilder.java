package dev.reverie.lab.continual;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.SelectionProgress;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.synthetic.KeptImages;
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.lab.run.LabDistillation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Builds memories from selected real images. The images of a class are selected in the step in which the class arrives,
 * and some of them are dropped when a total is divided among more classes. Methods that use features compute them with
 * a network that was trained on the memory and on the real images of the step. A cancellation ends the training of this
 * network at its next step.
 */
record CoresetMemoryBuilder(
        ContinualPlan plan, EngineFactory engines, ProgressViews progress, Cancellation cancellation) {

    List<DistilledSet> build(MemoryMethod method, long seed) {
        GrowingMemory memory = new GrowingMemory(List.of());
        List<DistilledSet> memories = new ArrayList<>();
        int seen = 0;
        for (List<Integer> classes : plan.classesByStep(seed)) {
            LabDistillation.requireNotCancelled(cancellation);
            seen += classes.size();
            int images = plan.budget().images(seen);
            DistillationSettings settings = plan.settings(method, images, seed);
            Dataset step = plan.dataset().of(classes);
            Dataset available = method.usesFeatures() ? memory.appendedTo(step) : step;
            String task = "Selecting %s %d/%d".formatted(method.label(), memories.size() + 1, plan.steps());
            try (ProgressView view = progress.begin(task)) {
                memory = memory.reducedTo(images, reduction(method))
                        .plus(select(available, settings, view), classes.size());
            }
            memories.add(memory.set());
        }
        return memories;
    }

    /** A uniform sample of a class stays one: its images are in random order. */
    private static GrowingMemory.Reduction reduction(MemoryMethod method) {
        return method == MemoryMethod.RESERVOIR
                ? (_, _, count) -> IntStream.range(0, count).boxed().toList()
                : KeptImages::of;
    }

    private DistilledSet select(Dataset available, DistillationSettings settings, ProgressView view) {
        DistillationRequest request = DistillationRequest.of(available, settings);
        DistillationProgress shown = new DistillationProgress(view, progress.clock(), Optional.empty());
        SelectionProgress steps =
                new SelectionProgress(settings, available.train().size(), List.of(shown));
        DistillationResult selection = LabDistillation.run(
                request, () -> engine(settings, steps), List.of(shown), progress.clock(), cancellation);
        return StoredSet.quantised(Bits.EIGHT, selection.set());
    }

    private DistillationEngine engine(DistillationSettings settings, SelectionProgress steps) {
        DistillationEngine engine =
                engines.open(settings, plan.dataset().shape(), plan.dataset().normalisation());
        engine.beforeEachStep(() -> {
            LabDistillation.requireNotCancelled(cancellation);
            steps.beforeStep();
        });
        return engine;
    }
}
