package dev.reverie.deploy.experiments.continual;

import dev.reverie.deploy.progress.EvaluationView;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationTask;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.TrainingImages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Learns from memories alone, as the protocol has it; tested on all classes that came until then.
 *
 * @param dataset its classes named as in the memories
 */
record MemoryEvaluator(ContinualPlan plan, Dataset dataset, ProgressViews progress, Cancellation patience) {

    /**
     * What the memories of one contender are worth.
     *
     * @param memories one a step
     */
    SeedResult judge(MemoryMethod contender, long seed, List<DistilledSet> memories) {
        List<List<Integer>> steps = plan.classesByStep(seed);
        List<EvaluationTask> exams = IntStream.range(0, memories.size())
                .mapToObj(step -> exam(memories.get(step), steps.subList(0, step + 1), seed))
                .toList();
        List<EvaluationReport> reports = take(exams, contender);
        return new SeedResult(
                contender,
                seed,
                IntStream.range(0, exams.size())
                        .mapToObj(step -> stage(exams.get(step), reports.get(step), steps.subList(0, step + 1)))
                        .toList());
    }

    private List<EvaluationReport> take(List<EvaluationTask> exams, MemoryMethod contender) {
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = progress.begin("Testing " + contender.label())) {
            EvaluationView shown = new EvaluationView(
                    view, progress.clock(), exams.size(), plan.students().repeats());
            IntFunction<EvaluationProgress> watched = step -> stoppable(shown.of(step, "step " + (step + 1)));
            if (plan.protocol().carriesOn()) {
                return evaluator.evaluateInTurn(exams, watched);
            }
            return IntStream.range(0, exams.size())
                    .mapToObj(step -> evaluator.evaluate(exams.get(step), watched.apply(step)))
                    .toList();
        }
    }

    private EvaluationProgress stoppable(EvaluationProgress shown) {
        return (repeat, epoch, epochs, loss) -> {
            shown.epoch(repeat, epoch, epochs, loss);
            if (patience.isOver()) {
                throw new StoppedException();
            }
        };
    }

    /** Classes are numbered as they came, so that those of earlier steps come first, with the same number each time. */
    private EvaluationTask exam(DistilledSet memory, List<List<Integer>> steps, long seed) {
        List<Integer> seen = seen(steps);
        List<Integer> labels = memory.labels().stream()
                .map(label -> seen.indexOf(
                        dataset.classNames().indexOf(memory.classNames().get(label))))
                .toList();
        TrainingImages images = new TrainingImages(
                dataset.shape(),
                seen.size(),
                memory.normalisation(),
                labels.size(),
                memory.images()::values,
                index -> OneHotLabels.of(labels.get(index), seen.size()));
        List<LabelledImage> test = dataset.test().stream()
                .filter(sample -> seen.contains(sample.label()))
                .map(sample -> new LabelledImage(sample.image(), seen.indexOf(sample.label())))
                .toList();
        return new EvaluationTask(images, test, plan.evaluation(dataset, memory.factor(), labels.size(), seed));
    }

    private static List<Integer> seen(List<List<Integer>> steps) {
        return steps.stream().flatMap(List::stream).toList();
    }

    private static StepAccuracy stage(EvaluationTask exam, EvaluationReport report, List<List<Integer>> steps) {
        int[] tested = new int[exam.images().classes()];
        exam.test().forEach(sample -> tested[sample.label()]++);
        List<Double> byStep = new ArrayList<>();
        int from = 0;
        for (List<Integer> step : steps) {
            byStep.add(accuracy(report, tested, from, from + step.size()));
            from += step.size();
        }
        return new StepAccuracy(from, report.mean(), report.last(), byStep);
    }

    /** On the test images of the classes from one to before another, in the mean over the networks. */
    private static double accuracy(EvaluationReport report, int[] tested, int from, int to) {
        double right = report.byClass().stream()
                .mapToDouble(network -> IntStream.range(from, to)
                        .filter(label -> tested[label] > 0)
                        .mapToDouble(label -> tested[label] * network.get(label))
                        .sum())
                .average()
                .orElseThrow();
        return right / IntStream.range(from, to).map(label -> tested[label]).sum();
    }
}
