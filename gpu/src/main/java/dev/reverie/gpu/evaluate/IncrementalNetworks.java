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
    private final List<GrowingNetwork> networks = new ArrayList<>();
    private boolean fresh = true;

    /** Creates new networks for the classes of the first task. */
    IncrementalNetworks(EvaluationTask first, ComputeThreads threads) {
        this.trainer = new BatchTrainer(threads);
        EvaluationSettings settings = first.settings();
        for (int repeat = 0; repeat < settings.repeats(); repeat++) {
            RandomGenerator random = Seeds.generator(Seeds.of(settings.seed(), Purpose.EVALUATE, repeat));
            networks.add(new GrowingNetwork(settings.fresh(first.images(), threads, random), random));
        }
    }

    /** Trains each network on a task and tests it. */
    List<ClassAccuracyCounter> trainAndTest(EvaluationTask task, EvaluationProgress progress) {
        List<ClassAccuracyCounter> tests = new ArrayList<>();
        for (int repeat = 0; repeat < networks.size(); repeat++) {
            GrowingNetwork growing = networks.get(repeat);
            if (fresh) {
                growing.train(task, Optional.empty(), repeat, progress);
            } else {
                growing.grow(task, repeat, progress);
            }
            tests.add(task.images().test(growing.network, task.test()));
        }
        fresh = false;
        return tests;
    }

    @Override
    public void close() {
        networks.forEach(growing -> growing.network.close());
    }

    /** One network with its random generator. */
    private final class GrowingNetwork {

        private final RandomGenerator random;
        private Classifier network;

        GrowingNetwork(Classifier network, RandomGenerator random) {
            this.network = network;
            this.random = random;
        }

        void grow(EvaluationTask task, int repeat, EvaluationProgress progress) {
            Classifier teacher = network;
            network = teacher.withClasses(task.images().classes(), random);
            network.resetOptimiser();
            try (teacher) {
                train(task, Optional.of(teacher).filter(_ -> task.replayed().isEmpty()), repeat, progress);
            }
        }

        void train(EvaluationTask task, Optional<Classifier> teacher, int repeat, EvaluationProgress progress) {
            new NetworkTraining(task, network, teacher, trainer, random).run(repeat, progress, (_, _) -> {});
        }
    }
}
