package dev.reverie.deploy.experiments.analyze;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkProbe;
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

/** Makes the runs that analyses want, and judges their sets: each once, however many ask. Not thread safe. */
final class RunCache implements AutoCloseable {

    private final AnalysisSettings study;
    private final Collection<AccuracyTask> exams;
    private final EngineFactory engines;
    private final Path folder;
    private final AnalysisProgress workload;
    private final InstantSource clock;
    private final Cancellation patience;
    private final Map<DistillationSettings, RunRecording> recordings = new HashMap<>();
    private final Map<AccuracyTask, Double> accuracies = new HashMap<>();
    private Optional<Evaluator> evaluator = Optional.empty();

    /**
     * A laboratory without results.
     *
     * @param exams that will be asked for: sets for no other are kept, but for the last one of each run
     */
    RunCache(
            AnalysisSettings study,
            Collection<AccuracyTask> exams,
            EngineFactory engines,
            Path folder,
            AnalysisProgress workload,
            InstantSource clock,
            Cancellation patience) {
        this.study = study;
        this.exams = exams;
        this.engines = engines;
        this.folder = folder;
        this.workload = workload;
        this.clock = clock;
        this.patience = patience;
    }

    AnalysisSettings study() {
        return study;
    }

    /**
     * What a run left behind.
     *
     * @throws IOException if its checkpoint cannot be written
     * @throws StoppedException if patience is over
     */
    RunRecording recording(DistillationSettings settings) throws IOException {
        Optional<RunRecording> known = Optional.ofNullable(recordings.get(settings));
        if (known.isPresent()) {
            return known.get();
        }
        workload.begin("distilling " + description(settings));
        RunRecording made = new SegmentedRun(study, settings, marks(settings), folder, engines, clock, patience)
                .execute(workload::loop);
        recordings.put(settings, made);
        return made;
    }

    private NavigableSet<Integer> marks(DistillationSettings settings) {
        NavigableSet<Integer> marks = new TreeSet<>(List.of(settings.schedule().outerIterations()));
        exams.stream()
                .filter(exam -> exam.run().equals(settings))
                .map(AccuracyTask::outer)
                .forEach(marks::add);
        return marks;
    }

    private static String description(DistillationSettings settings) {
        return settings.method().label() + ", seed " + settings.seed();
    }

    /**
     * Share of the test images that a fresh network gets right, trained on nothing but the set, in [0, 1].
     *
     * @throws IOException if the checkpoint of its run cannot be written
     * @throws StoppedException if patience is over
     */
    double accuracy(AccuracyTask exam) throws IOException {
        Optional<Double> known = Optional.ofNullable(accuracies.get(exam));
        if (known.isPresent()) {
            return known.get();
        }
        DistilledSet set = recording(exam.run()).set(exam.outer());
        workload.begin("judging " + description(exam.run()) + " after " + exam.loops() + " loops");
        double accuracy = open().evaluate(
                        set,
                        study.dataset().test(),
                        study.evaluation(exam.run(), set.images().count()),
                        new Judging())
                .mean();
        accuracies.put(exam, accuracy);
        return accuracy;
    }

    private Evaluator open() {
        Evaluator opened = evaluator.orElseGet(Evaluator::open);
        evaluator = Optional.of(opened);
        return opened;
    }

    /** Looks through the networks of a run; the caller closes it. */
    NetworkProbe probe(DistillationSettings settings) {
        workload.begin("looking at features");
        return NetworkProbe.open(
                settings, study.dataset().shape(), study.dataset().normalisation());
    }

    /** Lets go of all recordings but those that are still wanted: each is some ten megabytes. */
    void forgetAllBut(Collection<DistillationSettings> wanted) {
        recordings.keySet().retainAll(wanted);
    }

    @Override
    public void close() {
        evaluator.ifPresent(Evaluator::close);
    }

    private final class Judging implements EvaluationProgress {

        @Override
        public void epoch(int repeat, int epoch, int epochs, double loss) {
            if (patience.isOver()) {
                throw new StoppedException();
            }
        }

        @Override
        public void step() {
            workload.step();
        }
    }
}
