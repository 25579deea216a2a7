package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.Seeds.Purpose;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.Predictor;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Trains new networks on a distilled set and tests them on real images (the protocol of IDC and DREAM). Not thread
 * safe.
 */
public final class Evaluator implements AutoCloseable {

    private final ComputeThreads threads;
    /** Threads for the networks of DeepLearning4J, if these cannot use the others. */
    private Optional<ComputeThreads> graphThreads = Optional.empty();

    private Evaluator(Kernels kernels, int threads) {
        this.threads = new ComputeThreads(kernels, threads);
    }

    /**
     * Opens an evaluator on the device of this build.
     *
     * @throws dev.reverie.gpu.tensor.Device.DeviceException if the device cannot be used on this machine
     */
    public static Evaluator open() {
        return new Evaluator(Device.kernels(), Device.threads());
    }

    public static Evaluator openOnOneCore() {
        return new Evaluator(Device.kernels(), 1);
    }

    /** Evaluates a distilled set as {@link #evaluate(EvaluationTask, EvaluationProgress)} does. */
    public EvaluationReport evaluate(
            DistilledSet set, List<LabelledImage> test, EvaluationSettings settings, EvaluationProgress progress) {
        return evaluate(TrainingImages.of(set), test, settings, progress);
    }

    /** Evaluates any images as training data, as {@link #evaluate(EvaluationTask, EvaluationProgress)} does. */
    public EvaluationReport evaluate(
            TrainingImages images, List<LabelledImage> test, EvaluationSettings settings, EvaluationProgress progress) {
        return evaluate(new EvaluationTask(images, test, settings), progress);
    }

    /**
     * Trains new networks on the images of a task and tests them.
     *
     * @throws IllegalArgumentException if the test images of the task differ from its training images in shape or
     *     classes
     */
    public EvaluationReport evaluate(EvaluationTask task, EvaluationProgress progress) {
        requireFitting(task.images(), task.test());
        return EvaluationReport.of(IntStream.range(0, task.settings().repeats())
                .mapToObj(repeat -> train(task, repeat, progress))
                .toList());
    }

    private static void requireFitting(TrainingImages images, List<LabelledImage> test) {
        if (test.isEmpty()) {
            throw new IllegalArgumentException(
                    "the evaluation has no test images: add images of the classes to the test folder");
        }
        ImageShape shape = images.shape();
        ImageShape testShape = test.getFirst().image().shape();
        if (!shape.equals(testShape)) {
            throw new IllegalArgumentException("the set contains " + shape + " images, but the dataset has " + testShape
                    + ": name the --dataset that the set was distilled from");
        }
        int classes = images.classes();
        if (test.stream().anyMatch(sample -> sample.label() >= classes)) {
            throw new IllegalArgumentException("the set has " + classes
                    + " classes, but the dataset has more: name the --dataset that the set was distilled from");
        }
    }

    /**
     * Runs a class-incremental experiment, which trains each network on one task after another. For each task, the
     * classifier of the network grows by the new classes, and the network is trained only on the images of that task.
     * Each network is tested at the end of each task.
     *
     * <p>A task without replayed images, from the second task on, has a teacher for the classes that the network
     * already knew: the previous state of the network (IDC; see {@link TrainingTargets}). Replayed images take the
     * place of the teacher (experience replay).
     *
     * @param tasks tasks in order; each has all classes of the previous one and possibly more. Apart from the recipes,
     *     only the settings of the first task are used
     * @param progress returns the listener for a task, by index
     * @throws IllegalArgumentException if the test images of a task differ from its training images in shape or
     *     classes, or if a task has an observer
     */
    public List<EvaluationReport> evaluateInTurn(List<EvaluationTask> tasks, IntFunction<EvaluationProgress> progress) {
        tasks.forEach(task -> requireFitting(task.images(), task.test()));
        if (tasks.stream().anyMatch(task -> task.observer().isPresent())) {
            throw new IllegalArgumentException("networks that are trained on one task after another have no observer");
        }
        List<EvaluationReport> reports = new ArrayList<>();
        try (IncrementalNetworks networks = new IncrementalNetworks(
                tasks.getFirst(), threads(tasks.getFirst().settings().network()))) {
            for (int turn = 0; turn < tasks.size(); turn++) {
                List<ClassAccuracyCounter> tests = networks.trainAndTest(tasks.get(turn), progress.apply(turn));
                reports.add(EvaluationReport.of(tests.stream().map(List::of).toList()));
            }
        }
        return reports;
    }

    /** Trains one network and returns the results of its tests. */
    private List<ClassAccuracyCounter> train(EvaluationTask task, int repeat, EvaluationProgress progress) {
        EvaluationSettings settings = task.settings();
        RandomGenerator random = Seeds.generator(Seeds.of(settings.seed(), Purpose.EVALUATE, repeat));
        List<ClassAccuracyCounter> tests = new ArrayList<>();
        ComputeThreads compute = threads(settings.network());
        Optional<Predictor> observer = task.observer().map(one -> one.open(threads));
        try (Classifier network = settings.fresh(task.images(), compute, random)) {
            new NetworkTraining(task, network, observer, new BatchTrainer(compute), random)
                    .run(repeat, progress, (done, epochs) -> {
                        if (isCheckpoint(done, epochs, settings.checkpoints())) {
                            tests.add(task.images().test(network, task.test()));
                        }
                    });
        } finally {
            observer.ifPresent(Predictor::close);
        }
        return tests;
    }

    private static boolean isCheckpoint(int done, int epochs, int checkpoints) {
        return done * checkpoints / epochs > (done - 1) * checkpoints / epochs;
    }

    private ComputeThreads threads(EvaluationNetwork network) {
        if (network == EvaluationNetwork.CONVNET || Device.usesNd4j()) {
            return threads;
        }
        ComputeThreads forGraphs =
                graphThreads.orElseGet(() -> new ComputeThreads(Device.graphKernels(), threads.count()));
        graphThreads = Optional.of(forGraphs);
        return forGraphs;
    }

    @Override
    public void close() {
        threads.close();
        graphThreads.ifPresent(ComputeThreads::close);
    }

    /**
     * The networks of a class-incremental experiment. For each task after the first, a network grows by the new
     * classes, and has its previous state as teacher unless the task replays images. Not thread safe.
     */
    private static final class IncrementalNetworks implements AutoCloseable {

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
}
