package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.Seeds.Purpose;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The networks of a class-incremental experiment. For each task after the first, a network grows by the new classes,
 * and has its previous state as teacher unless the task replays images. Not thread safe.
 */
final class IncrementalNetworks implements AutoCloseable {

    private final BatchTrainer trainer;
    private final List<RandomGenerator> draws = new ArrayList<>();
    private final List<Classifier> networks = new ArrayList<>();
    private boolean fresh = true;

    /** Creates new networks for the classes of the first task. */
    IncrementalNetworks(EvaluationTask first, ComputeThreads threads) {
        this.trainer = new BatchTrainer(threads);
        EvaluationSettings settings = first.settings();
        for (int repeat = 0; repeat < settings.repeats(); repeat++) {
            RandomGenerator random = Seeds.generator(Seeds.of(settings.seed(), Purpose.EVALUATE, repeat));
            draws.add(random);
            networks.add(settings.fresh(first.images(), threads, random));
        }
    }

    /** Trains each network on a task and tests it. */
    List<ClassAccuracyCounter> trainAndTest(EvaluationTask task, EvaluationProgress progress) {
        List<ClassAccuracyCounter> tests = new ArrayList<>();
        for (int repeat = 0; repeat < networks.size(); repeat++) {
            if (fresh) {
                train(task, Optional.empty(), repeat, progress);
            } else {
                grow(task, repeat, progress);
            }
            tests.add(task.images().test(networks.get(repeat), task.test()));
        }
        fresh = false;
        return tests;
    }

    private void grow(EvaluationTask task, int repeat, EvaluationProgress progress) {
        Classifier teacher = networks.get(repeat);
        Classifier grown = teacher.withClasses(task.images().classes(), draws.get(repeat));
        grown.resetOptimiser();
        networks.set(repeat, grown);
        try (teacher) {
            train(task, Optional.of(teacher).filter(_ -> task.replayed().isEmpty()), repeat, progress);
        }
    }

    private void train(EvaluationTask task, Optional<Classifier> teacher, int repeat, EvaluationProgress progress) {
        new NetworkTraining(task, networks.get(repeat), teacher, trainer, draws.get(repeat))
                .run(repeat, progress, (_, _) -> {});
    }

    @Override
    public void close() {
        networks.forEach(Classifier::close);
    }
}
