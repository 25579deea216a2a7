package dev.reverie.lab.analyze;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.deploy.run.TemporaryFolder;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.lab.run.LabDistillation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Distils the runs that analyses request and evaluates their sets. Each run is distilled and each set is evaluated only
 * once. Not thread safe.
 */
final class AnalysisRuns implements AutoCloseable {

    private final AnalysisSettings settings;
    private final List<Analysis> analyses;
    private final EngineFactory engines;
    private final Path folder;
    private final AnalysisProgress progress;
    private final InstantSource clock;
    private final Cancellation cancellation;
    private final Map<DistillationSettings, RunRecording> recordings = new HashMap<>();
    private final Map<Evaluated, Double> accuracies = new HashMap<>();
    private Optional<Evaluator> evaluator = Optional.empty();

    /** The set of a run after some outer iterations. */
    private record Evaluated(DistillationSettings run, int outer) {}

    /**
     * Creates an empty cache.
     *
     * @param folder an existing folder that holds the checkpoint during a run
     */
    AnalysisRuns(
            AnalysisSettings settings,
            List<Analysis> analyses,
            EngineFactory engines,
            Path folder,
            ProgressView view,
            InstantSource clock,
            Cancellation cancellation) {
        this.settings = settings;
        this.analyses = List.copyOf(analyses);
        this.engines = engines;
        this.folder = folder;
        this.clock = clock;
        this.cancellation = cancellation;
        Set<DistillationSettings> runs = new HashSet<>();
        Set<Evaluated> sets = new HashSet<>();
        for (Analysis analysis : analyses) {
            for (Analysis.VariantRun run : analysis.runs(settings)) {
                runs.add(run.settings());
                analysis.evaluated(settings).forEach(outer -> sets.add(new Evaluated(run.settings(), outer)));
            }
        }
        this.progress = new AnalysisProgress(settings, runs.size(), sets.size(), view, clock);
    }

    AnalysisSettings settings() {
        return settings;
    }

    /** Returns the recording of a run; distils the run on the first request. */
    RunRecording recording(DistillationSettings run) throws IOException {
        Optional<RunRecording> known = Optional.ofNullable(recordings.get(run));
        if (known.isPresent()) {
            return known.get();
        }
        progress.begin("distilling " + description(run));
        RunRecording recording = record(run);
        recordings.put(run, recording);
        return recording;
    }

    /**
     * Distils a run in segments, each of which continues from the checkpoint of the previous one. The set at the end of
     * a segment is the same as the set that a run ending at that point would save.
     */
    private RunRecording record(DistillationSettings run) throws IOException {
        RunRecording.Recorder recorder = new RunRecording.Recorder(settings.innerLoops(), progress::loopCompleted);
        try (TemporaryFolder temporary = TemporaryFolder.in(folder)) {
            Path checkpoint = temporary.path().resolve("checkpoint.bin");
            NavigableSet<Integer> ends = segmentEnds(run);
            for (int outer : ends) {
                DistillationSettings segment = run.withSchedule(run.schedule().withOuterIterations(outer));
                DistillationRequest request = DistillationRequest.of(settings.dataset(), segment)
                        .withCheckpoint(Optional.of(checkpoint))
                        .withResume(outer > ends.first());
                DistillationResult result = LabDistillation.run(
                        request,
                        () -> recorder.recording(engines.open(
                                segment,
                                settings.dataset().shape(),
                                settings.dataset().normalisation())),
                        List.of(recorder),
                        clock,
                        cancellation);
                recorder.record(outer, result.set());
            }
        }
        return recorder.recording(settings.dataset().classes());
    }

    /** Returns the numbers of outer iterations after which the set of a run is recorded, in ascending order. */
    private NavigableSet<Integer> segmentEnds(DistillationSettings run) {
        NavigableSet<Integer> ends = new TreeSet<>(List.of(run.schedule().outerIterations()));
        analyses.stream()
                .filter(analysis -> analysis.runs(settings).stream()
                        .anyMatch(each -> each.settings().equals(run)))
                .forEach(analysis -> ends.addAll(analysis.evaluated(settings)));
        return ends;
    }

    private static String description(DistillationSettings run) {
        return run.method().label() + ", seed " + run.seed();
    }

    /**
     * Returns the accuracy, in [0, 1], of a fresh network that was trained on the set alone; evaluates the set on the
     * first request.
     */
    double accuracy(DistillationSettings run, int outer) throws IOException {
        Evaluated evaluated = new Evaluated(run, outer);
        Optional<Double> known = Optional.ofNullable(accuracies.get(evaluated));
        if (known.isPresent()) {
            return known.get();
        }
        DistilledSet set = recording(run).set(outer);
        progress.begin("evaluating " + description(run) + " after "
                + Plural.of((long) outer * run.schedule().innerLoops(), "inner loop"));
        double accuracy = open().evaluate(
                        set,
                        settings.dataset().test(),
                        settings.evaluation(run, set.images().count()),
                        progress.steps().stoppedBy(cancellation::isRequested, StoppedException::new))
                .mean();
        accuracies.put(evaluated, accuracy);
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

    /** Discards the recordings that none of these analyses needs, because a recording takes tens of megabytes. */
    void retainFor(List<Analysis> remaining) {
        Set<DistillationSettings> wanted = new HashSet<>();
        remaining.forEach(analysis -> analysis.runs(settings).forEach(run -> wanted.add(run.settings())));
        recordings.keySet().retainAll(wanted);
    }

    @Override
    public void close() {
        evaluator.ifPresent(Evaluator::close);
        progress.begin("done");
    }

    /**
     * Shows how much of the work of several analyses is done, and the estimated time left. Called by one thread at a
     * time.
     */
    private static final class AnalysisProgress {

        /**
         * Cost of a training step, as a fraction of an inner loop over ten classes; about the same on every machine.
         */
        private static final double TRAINING_STEP_COST = 0.04;

        private final ProgressView view;
        private final InstantSource clock;
        private final Instant start;
        private final double total;
        private double done;
        private String activity = "";

        AnalysisProgress(AnalysisSettings settings, int runs, int sets, ProgressView view, InstantSource clock) {
            this.view = view;
            this.clock = clock;
            this.start = clock.instant();
            this.total = (double) runs * settings.outerIterations() * settings.innerLoops()
                    + TRAINING_STEP_COST * sets * settings.evaluationSteps();
        }

        void begin(String newActivity) {
            activity = newActivity;
            show();
        }

        void loopCompleted() {
            done++;
            show();
        }

        EvaluationProgress steps() {
            return new EvaluationProgress() {

                @Override
                public void epoch(int repeat, int epoch, int epochs, double loss) {
                    // the steps show the progress already
                }

                @Override
                public void step() {
                    done += TRAINING_STEP_COST;
                    show();
                }
            };
        }

        private void show() {
            double fraction = total == 0 ? 1 : Math.min(1, done / total);
            view.show(fraction, String.format(Locale.ROOT, "%s left, %s", left(fraction), activity));
        }

        private String left(double fraction) {
            return fraction == 0 ? "?" : Eta.format(Eta.left(Duration.between(start, clock.instant()), fraction));
        }
    }
}
