package dev.reverie.lab.continual;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.SelectionProgress;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.synthetic.KeptImages;
import dev.reverie.lab.continual.RealMemory.RealClass;
import dev.reverie.lab.run.LabDistillation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Builds memories from selected real images. The images of a class are selected in the step in which the class arrives,
 * and some of them are dropped when a total is divided among more classes. Methods that use features compute them with
 * a network that was trained on the memory and on the real images of the step. A cancellation ends the training of this
 * network at its next step.
 */
record CoresetMemoryBuilder(
        ContinualPlan plan, EngineFactory engines, ProgressViews progress, Cancellation cancellation) {

    /** The most real images per class, because the time to select them grows faster than their number. */
    private static final int MOST_IMAGES = 1000;

    List<StoredMemory> build(MemoryMethod method, long seed) {
        int factor = plan.factor(method);
        RealMemory memory = new RealMemory(List.of(), factor, plan.dataset().normalisation());
        List<StoredMemory> memories = new ArrayList<>();
        int seen = 0;
        for (List<Integer> classes : plan.classesByStep(seed)) {
            LabDistillation.requireNotCancelled(cancellation);
            seen += classes.size();
            Dataset step = plan.dataset().of(classes);
            String task = "Selecting %s %d/%d".formatted(method.label(), memories.size() + 1, plan.steps());
            try (ProgressView view = progress.begin(task)) {
                int images = plan.size().isInBytes()
                        ? filling(method, step, seed, view)
                        : plan.size().share(seen);
                Dataset available = method.usesFeatures() ? memory.appendedTo(step, images) : step;
                List<RealClass> arriving =
                        select(method, available, images, seed, view).subList(0, classes.size());
                memory = memory.reducedTo(images, reduction(method), arriving);
            }
            memories.add(memory.coded(plan.size().coding(), method.storesFiles()));
        }
        return memories;
    }

    /** A uniform sample of a class stays one: its images are in random order. */
    private static RealMemory.Reduction reduction(MemoryMethod method) {
        return method == MemoryMethod.RESERVOIR
                ? (_, _, count) -> IntStream.range(0, count).boxed().toList()
                : KeptImages::of;
    }

    /**
     * Returns the number of images per class that fill the bytes of the classes of a step. Whole images are counted by
     * a random sample, because other selections train a network.
     */
    private int filling(MemoryMethod method, Dataset step, long seed, ProgressView view) {
        MemoryMethod counted = plan.factor(method) == 1 ? MemoryMethod.RESERVOIR : method;
        int smallest = step.trainByClass().stream().mapToInt(List::size).min().orElseThrow();
        int factor = plan.factor(method);
        int most = Math.clamp(smallest / (factor * factor), 1, MOST_IMAGES);
        Coding unlimited =
                new Coding(plan.size().coding().format(), plan.size().coding().quality(), OptionalLong.empty());
        return plan.size().filling(step.classes(), most, images -> new RealMemory(
                        select(counted, step, images, seed, view), factor, step.normalisation())
                .coded(unlimited, method.storesFiles())
                .bytes());
    }

    private List<RealClass> select(MemoryMethod method, Dataset available, int images, long seed, ProgressView view) {
        DistillationSettings settings = plan.settings(method, images, seed);
        DistillationRequest request = DistillationRequest.of(available, settings);
        DistillationProgress shown = new DistillationProgress(view, progress.clock(), Optional.empty());
        SelectionProgress steps =
                new SelectionProgress(settings, available.train().size(), List.of(shown));
        DistillationResult selection = LabDistillation.run(
                request, () -> engine(settings, steps), List.of(shown), progress.clock(), cancellation);
        return RealClass.of(selection.set());
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
