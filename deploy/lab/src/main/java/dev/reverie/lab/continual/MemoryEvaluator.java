package dev.reverie.lab.continual;

import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.progress.TrainingRunsProgress;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationTask;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.TrainingImages;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.lab.continual.ContinualResult.SeedResult;
import dev.reverie.lab.continual.ContinualResult.SeedResult.StepAccuracy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Trains networks on memories, as the protocol prescribes, and tests them on all classes that have arrived. */
record MemoryEvaluator(ContinualPlan plan, ProgressViews progress, Cancellation cancellation) {

    SeedResult evaluate(MemoryMethod method, int quality, long seed, List<StoredMemory> stored) {
        List<List<Integer>> steps = plan.classesByStep(seed);
        List<DistilledSet> memories = stored.stream().map(StoredMemory::set).toList();
        List<EvaluationTask> tasks = IntStream.range(0, memories.size())
                .mapToObj(step -> plan.protocol().replays()
                        ? replayTask(memories.subList(0, step), steps.subList(0, step + 1), seed)
                        : memoryTask(memories.get(step), steps.subList(0, step + 1), seed))
                .toList();
        List<EvaluationReport> reports = reports(tasks, method);
        return new SeedResult(
                method,
                quality,
                seed,
                IntStream.range(0, tasks.size())
                        .mapToObj(step -> stepAccuracy(
                                stored.get(step), tasks.get(step), reports.get(step), steps.subList(0, step + 1)))
                        .toList());
    }

    private List<EvaluationReport> reports(List<EvaluationTask> tasks, MemoryMethod method) {
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = progress.begin("Evaluating " + method.label())) {
            TrainingRunsProgress shown = new TrainingRunsProgress(
                    view,
                    progress.clock(),
                    tasks.stream().map(MemoryEvaluator::trainedImages).toList(),
                    plan.students().repeats());
            IntFunction<EvaluationProgress> listener = step ->
                    shown.of(step, "step " + (step + 1)).stoppedBy(cancellation::isRequested, StoppedException::new);
            if (plan.protocol().continuesTraining()) {
                return evaluator.evaluateInTurn(tasks, listener);
            }
            return IntStream.range(0, tasks.size())
                    .mapToObj(step -> evaluator.evaluate(tasks.get(step), listener.apply(step)))
                    .toList();
        }
    }

    /** Returns the number of images on which a network is trained, each counted in every epoch. */
    private static long trainedImages(EvaluationTask task) {
        TrainingRecipe recipe = task.settings().recipe();
        long count = task.images().count();
        long batches = Math.ceilDiv(count, recipe.batch());
        long replayed = task.replayed().isPresent() ? batches * recipe.batch() : 0; // a whole batch with each
        return recipe.epochs() * (count + replayed);
    }

    private EvaluationTask memoryTask(DistilledSet memory, List<List<Integer>> steps, long seed) {
        TrainingImages images = images(memory, seen(steps));
        return new EvaluationTask(
                images,
                plan.dataset().of(seen(steps)).test(),
                plan.evaluation(memory.storedPerClass(), memory.factor(), images.count(), seed));
    }

    /** Returns the task to train on the real images of the last step and on the latest memory, if there is one. */
    private EvaluationTask replayTask(List<DistilledSet> memories, List<List<Integer>> steps, long seed) {
        List<Integer> seen = seen(steps);
        int old = seen.size() - steps.getLast().size();
        Dataset arrived = plan.dataset().of(seen);
        List<LabelledImage> arriving =
                arrived.train().stream().filter(sample -> sample.label() >= old).toList();
        TrainingImages images = new TrainingImages(
                plan.dataset().shape(),
                seen.size(),
                plan.dataset().normalisation(),
                arriving.size(),
                index -> arriving.get(index).image().values(),
                index -> OneHotLabels.of(arriving.get(index).label(), seen.size()));
        return new EvaluationTask(
                images,
                memories.reversed().stream().findFirst().map(latest -> images(latest, seen)),
                arrived.test(),
                plan.evaluation(1, 1, images.count(), seed));
    }

    /** Labels are numbered in order of arrival, so that a class has the same label in every step. */
    private TrainingImages images(DistilledSet memory, List<Integer> seen) {
        List<Integer> labels = memory.labels().stream()
                .map(label -> seen.indexOf(
                        plan.dataset().classNames().indexOf(memory.classes().nameOf(label))))
                .toList();
        return new TrainingImages(
                plan.dataset().shape(),
                seen.size(),
                memory.normalisation(),
                labels.size(),
                memory.images()::values,
                index -> OneHotLabels.of(labels.get(index), seen.size()));
    }

    private static List<Integer> seen(List<List<Integer>> steps) {
        return steps.stream().flatMap(List::stream).toList();
    }

    private static StepAccuracy stepAccuracy(
            StoredMemory memory, EvaluationTask task, EvaluationReport report, List<List<Integer>> steps) {
        int[] testImages = new int[task.images().classes()];
        task.test().forEach(sample -> testImages[sample.label()]++);
        List<Double> byStep = new ArrayList<>();
        int from = 0;
        for (List<Integer> step : steps) {
            byStep.add(accuracy(report, testImages, from, from + step.size()));
            from += step.size();
        }
        return new StepAccuracy(
                from, memory.set().parameters().count(), memory.bytes(), report.mean(), report.last(), byStep);
    }

    /**
     * Returns the mean accuracy of the networks on the classes from {@code from} (inclusive) to {@code to} (exclusive).
     */
    private static double accuracy(EvaluationReport report, int[] testImages, int from, int to) {
        double correct = report.byClass().stream()
                .mapToDouble(network -> IntStream.range(from, to)
                        .filter(label -> testImages[label] > 0)
                        .mapToDouble(label -> testImages[label] * network.get(label))
                        .sum())
                .average()
                .orElseThrow();
        return correct
                / IntStream.range(from, to).map(label -> testImages[label]).sum();
    }
}
