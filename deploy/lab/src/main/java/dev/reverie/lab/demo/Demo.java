package dev.reverie.lab.demo;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.store.FolderLock;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.progress.TrainingRunsProgress;
import dev.reverie.deploy.run.DistillationRun;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.deploy.run.SetFormat;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.lab.report.Comparison;
import dev.reverie.lab.report.Comparison.SetAccuracy;
import dev.reverie.lab.report.DemoReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Distils a dataset, makes sets of real images for comparison, evaluates all sets in the same way, and writes a report.
 *
 * @param engines opens the engines of the runs
 * @param clock tells the times of the runs
 * @param steadyClock measures durations
 * @param progress shows the progress of each stage
 */
public record Demo(
        DemoPlan plan,
        Dataset dataset,
        EngineFactory engines,
        InstantSource clock,
        SteadyClock steadyClock,
        ProgressViews progress) {

    private static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, or use a smaller --ipc.";

    private record MethodRun(Method method, DistillationSettings settings, DistillationRun.Outcome outcome) {}

    /**
     * Runs the demo.
     *
     * @return the comparison, or empty if the user interrupted a run or the evaluation; the files of the runs so far
     *     are saved
     * @throws IOException if a file cannot be written
     */
    public Optional<Comparison> run() throws IOException {
        List<MethodRun> runs = new ArrayList<>();
        for (Method method : DemoPlan.METHODS) {
            MethodRun run = distil(method);
            if (run.outcome().interrupted()) {
                return Optional.empty();
            }
            runs.add(run);
        }
        Optional<Comparison> comparison = compare(runs);
        if (comparison.isPresent()) {
            report(comparison.get(), runs);
        }
        return comparison;
    }

    private MethodRun distil(Method method) throws IOException {
        DistillationSettings settings = plan.settings(dataset, method);
        RunFolder folder = plan.folder(method);
        folder.create();
        try (FolderLock _ = folder.lock()) {
            folder.clear();
        }
        Optional<Duration> limit = Optional.of(plan.timeLimit()).filter(_ -> method.learns());
        DistillationRun distillation = new DistillationRun(
                dataset,
                settings,
                SetFormat.BYTES,
                folder,
                false,
                Optional.empty(),
                limit,
                Optional.empty(),
                OUT_OF_MEMORY,
                engines,
                clock,
                steadyClock);
        try (ProgressView view = progress.begin(method.learns() ? "Distilling" : "Selecting " + method.label())) {
            DistillationProgress distillationProgress = new DistillationProgress(view, steadyClock, limit);
            return new MethodRun(method, settings, distillation.execute(List.of(distillationProgress), view::note));
        }
    }

    /** Evaluates the sets; empty after Ctrl-C. */
    private Optional<Comparison> compare(List<MethodRun> runs) {
        List<SetAccuracy> accuracies = new ArrayList<>();
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = progress.begin("Evaluating");
                SignalCancellation cancellation = SignalCancellation.listen(
                        "Stopping without the report. Press Ctrl-C again to exit at once.", view::note)) {
            TrainingRunsProgress trainingProgress =
                    new TrainingRunsProgress(view, steadyClock, runs.size(), plan.repeats());
            for (MethodRun run : runs) {
                DistilledSet set = run.outcome().set();
                EvaluationReport report = evaluator.evaluate(
                        set,
                        dataset.test(),
                        plan.evaluation(dataset, run.settings(), set.images().count()),
                        trainingProgress
                                .of(accuracies.size(), run.method().label())
                                .stoppedBy(cancellation::isRequested, StoppedException::new));
                accuracies.add(new SetAccuracy(run.method(), report.mean(), report.std()));
            }
            return Optional.of(new Comparison(accuracies));
        } catch (StoppedException _) {
            return Optional.empty();
        }
    }

    private void report(Comparison comparison, List<MethodRun> runs) throws IOException {
        MethodRun distilled = runs.getFirst();
        Map<Method, Path> pictures = new LinkedHashMap<>();
        runs.forEach(run -> pictures.put(run.method(), plan.folder(run.method()).picture()));
        new DemoReport(
                        distilled.outcome().manifest(),
                        comparison,
                        plan.evaluation(
                                dataset,
                                distilled.settings(),
                                distilled.outcome().set().images().count()),
                        plan.steps(),
                        HistoryRow.read(plan.folder(distilled.method()).history()),
                        pictures)
                .writeTo(plan.report());
    }
}
