package dev.reverie.deploy.continual;

import dev.reverie.deploy.progress.EvaluationView;
import dev.reverie.deploy.progress.Progress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.Patience;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.Evaluator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Learns from memories alone: a fresh network for each step, tested on all classes that came until then.
 *
 * @param dataset its classes named as in the memories
 */
record Learner(ContinualPlan plan, Dataset dataset, Progress progress, Patience patience) {

    /**
     * What the memories of one contender are worth.
     *
     * @param memories one a step
     */
    Course judge(Contender contender, long seed, List<DistilledSet> memories) {
        List<Stage> stages = new ArrayList<>();
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = progress.begin("Testing " + contender.label())) {
            EvaluationView shown = new EvaluationView(view, progress.clock(), memories.size(), 1);
            for (int step = 0; step < memories.size(); step++) {
                EvaluationProgress watched = stoppable(shown.of(step, "step " + (step + 1)));
                stages.add(stage(evaluator, memories.get(step), plan.steps().subList(0, step + 1), seed, watched));
            }
        }
        return new Course(contender, seed, stages);
    }

    private EvaluationProgress stoppable(EvaluationProgress shown) {
        return (repeat, epoch, epochs, loss) -> {
            shown.epoch(repeat, epoch, epochs, loss);
            if (patience.isOver()) {
                throw new StoppedException();
            }
        };
    }

    private Stage stage(
            Evaluator evaluator,
            DistilledSet memory,
            List<List<Integer>> steps,
            long seed,
            EvaluationProgress watched) {
        List<Integer> seen = steps.stream().flatMap(List::stream).toList();
        Hits hits = new Hits(dataset.classes());
        Set<Integer> remembered = new HashSet<>(memory.labels());
        List<LabelledImage> test = new ArrayList<>();
        for (LabelledImage sample : dataset.test()) {
            int label = memory.classNames().indexOf(dataset.classNames().get(sample.label()));
            if (seen.contains(sample.label())) {
                hits.tested(sample.label());
                if (remembered.contains(label)) {
                    test.add(new LabelledImage(sample.image(), label));
                }
            }
        }
        List<Double> byLabel = evaluator
                .evaluate(
                        memory,
                        test,
                        plan.evaluation(
                                dataset, memory.factor(), memory.images().count(), seed),
                        watched)
                .byClass()
                .getFirst();
        for (int label : remembered) {
            int index = dataset.classNames().indexOf(memory.classNames().get(label));
            hits.right(index, byLabel.get(label));
        }
        return new Stage(
                seen.size(),
                hits.accuracy(seen),
                steps.stream().map(hits::accuracy).toList());
    }

    /** Test images of each class, and the share that was right; a class that the memory lost has none right. */
    private static final class Hits {

        private final int[] tested;
        private final double[] share;

        Hits(int classes) {
            tested = new int[classes];
            share = new double[classes];
        }

        void tested(int label) {
            tested[label]++;
        }

        void right(int label, double ofTested) {
            share[label] = tested[label] == 0 ? 0 : ofTested;
        }

        double accuracy(List<Integer> classes) {
            double right = classes.stream()
                    .mapToDouble(label -> tested[label] * share[label])
                    .sum();
            return right / classes.stream().mapToInt(label -> tested[label]).sum();
        }
    }
}
