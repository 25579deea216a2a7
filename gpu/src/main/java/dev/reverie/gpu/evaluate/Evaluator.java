package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.Seeds.Purpose;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
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

    /**
     * Opens an evaluator that uses a single core.
     *
     * @throws dev.reverie.gpu.tensor.Device.DeviceException if the device cannot be used on this machine
     */
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
     * @return one report per task
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
        Optional<Classifier> observer = task.observer().map(one -> one.open(threads));
        try (Classifier network = settings.fresh(task.images(), compute, random)) {
            new NetworkTraining(task, network, observer, new BatchTrainer(compute), random)
                    .run(repeat, progress, (done, epochs) -> {
                        if (isCheckpoint(done, epochs, settings.checkpoints())) {
                            tests.add(task.images().test(network, task.test()));
                        }
                    });
        } finally {
            observer.ifPresent(Classifier::close);
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
}
