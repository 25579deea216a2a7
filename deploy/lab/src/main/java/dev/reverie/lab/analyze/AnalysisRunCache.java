package dev.reverie.lab.analyze;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Distils the runs that analyses request and evaluates their sets. Each run is distilled and each set is evaluated only
 * once. Not thread safe.
 */
final class AnalysisRunCache implements AutoCloseable {

    private final AnalysisSettings settings;
    private final Collection<AccuracyTask> tasks;
    private final EngineFactory engines;
    private final Path folder;
    private final AnalysisProgress progress;
    private final InstantSource clock;
    private final Cancellation cancellation;
    private final Map<DistillationSettings, RunRecording> recordings = new HashMap<>();
    private final Map<AccuracyTask, Double> accuracies = new HashMap<>();
    private Optional<Evaluator> evaluator = Optional.empty();

    /**
     * Creates an empty cache.
     *
     * @param tasks the accuracies that will be requested; of each run, only the sets in {@code tasks} and the final set
     *     are recorded
     */
    AnalysisRunCache(
            AnalysisSettings settings,
            Collection<AccuracyTask> tasks,
            EngineFactory engines,
            Path folder,
            AnalysisProgress progress,
            InstantSource clock,
            Cancellation cancellation) {
        this.settings = settings;
        this.tasks = tasks;
        this.engines = engines;
        this.folder = folder;
        this.progress = progress;
        this.clock = clock;
        this.cancellation = cancellation;
    }

    AnalysisSettings settings() {
        return settings;
    }

    /**
     * Returns the recording of a run; distils the run on the first request.
     *
     * @throws IOException if the temporary folder of the checkpoint cannot be created or deleted
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the checkpoint cannot be written or read
     * @throws StoppedException if the user cancels
     */
    RunRecording recording(DistillationSettings run) throws IOException {
        Optional<RunRecording> known = Optional.ofNullable(recordings.get(run));
        if (known.isPresent()) {
            return known.get();
        }
        progress.begin("distilling " + description(run));
        RunRecording recording = new SegmentedRun(settings, run, segmentEnds(run), folder, engines, clock, cancellation)
                .execute(progress::loopCompleted);
        recordings.put(run, recording);
        return recording;
    }

    private NavigableSet<Integer> segmentEnds(DistillationSettings run) {
        NavigableSet<Integer> segmentEnds = new TreeSet<>(List.of(run.schedule().outerIterations()));
        tasks.stream()
                .filter(task -> task.run().equals(run))
                .map(AccuracyTask::outer)
                .forEach(segmentEnds::add);
        return segmentEnds;
    }

    private static String description(DistillationSettings run) {
        return run.method().label() + ", seed " + run.seed();
    }

    /**
     * Returns the accuracy, in [0, 1], of a fresh network that was trained on the set alone; evaluates the set on the
     * first request.
     *
     * @throws IOException if the temporary folder of the checkpoint cannot be created or deleted
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the checkpoint cannot be written or read
     * @throws StoppedException if the user cancels
     */
    double accuracy(AccuracyTask task) throws IOException {
        Optional<Double> known = Optional.ofNullable(accuracies.get(task));
        if (known.isPresent()) {
            return known.get();
        }
        DistilledSet set = recording(task.run()).set(task.outer());
        progress.begin("evaluating " + description(task.run()) + " after " + Plural.of(task.loops(), "inner loop"));
        double accuracy = open().evaluate(
                        set,
                        settings.dataset().test(),
                        settings.evaluation(task.run(), set.images().count()),
                        new EvaluationSteps().stoppedBy(cancellation::isRequested, StoppedException::new))
                .mean();
        accuracies.put(task, accuracy);
        return accuracy;
    }

    private Evaluator open() {
        Evaluator opened = evaluator.orElseGet(Evaluator::open);
        evaluator = Optional.of(opened);
        return opened;
    }

    /** Opens an analyzer for the networks of a run; the caller closes it. */
    NetworkAnalyzer analyzer(DistillationSettings run) {
        progress.begin("computing features and gradients");
        return NetworkAnalyzer.open(
                run, settings.dataset().shape(), settings.dataset().normalisation());
    }

    /** Discards all recordings except those of {@code wanted} runs, because a recording takes tens of megabytes. */
    void retainOnly(Collection<DistillationSettings> wanted) {
        recordings.keySet().retainAll(wanted);
    }

    @Override
    public void close() {
        evaluator.ifPresent(Evaluator::close);
    }

    /** Counts the training steps. */
    private final class EvaluationSteps implements EvaluationProgress {

        @Override
        public void epoch(int repeat, int epoch, int epochs, double loss) {
            // the steps show the progress already
        }

        @Override
        public void step() {
            progress.stepCompleted();
        }
    }
}
