package dev.reverie.deploy.experiments.demo;

import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.experiments.report.Comparison;
import dev.reverie.deploy.experiments.report.DemoReport;
import dev.reverie.deploy.experiments.report.SetScore;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.EvaluationView;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.DistillationRun;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Distils a dataset, makes the sets to compare with, judges them all by the same evaluation, and reports.
 *
 * @param engines opens the engines of the runs
 * @param progress shows every stage
 */
public record Demo(DemoPlan plan, Dataset dataset, EngineFactory engines, ProgressViews progress) {

    private record Contender(Method method, DistillationSettings settings, DistillationRun.Outcome outcome) {}

    /**
     * Runs the demo.
     *
     * @return the comparison; empty if the distillation was interrupted, which leaves its set saved
     * @throws IOException if a file could not be written
     */
    public Optional<Comparison> run() throws IOException {
        List<Contender> contenders = new ArrayList<>();
        for (Method method : DemoPlan.CONTENDERS) {
            Contender contender = make(method);
            if (contender.outcome().manifest().ending() == Ending.INTERRUPTED) {
                return Optional.empty();
            }
            contenders.add(contender);
        }
        Comparison comparison = new Comparison(judge(contenders));
        report(comparison, contenders);
        return Optional.of(comparison);
    }

    private Contender make(Method method) throws IOException {
        DistillationSettings settings = plan.settings(dataset, method);
        RunFolder folder = plan.folder(method);
        folder.clear();
        folder.create();
        Optional<Duration> limit = Optional.of(plan.timeLimit()).filter(_ -> method.learns());
        DistillationRun run = new DistillationRun(
                dataset, settings, folder, false, Optional.empty(), limit, engines, progress.clock());
        try (ProgressView view = progress.begin(method.learns() ? "Distilling" : "Choosing " + method.label())) {
            DistillationProgress shown = new DistillationProgress(view, progress.clock(), limit);
            return new Contender(method, settings, run.execute(List.of(shown), view::note));
        }
    }

    private List<SetScore> judge(List<Contender> contenders) {
        List<SetScore> scores = new ArrayList<>();
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = progress.begin("Evaluating")) {
            EvaluationView shown = new EvaluationView(view, progress.clock(), contenders.size(), plan.repeats());
            for (Contender contender : contenders) {
                DistilledSet set = contender.outcome().set();
                EvaluationReport report = evaluator.evaluate(
                        set,
                        dataset.test(),
                        plan.evaluation(
                                dataset, contender.settings(), set.images().count()),
                        shown.of(scores.size(), contender.method().label()));
                scores.add(new SetScore(contender.method(), report.mean(), report.std()));
            }
        }
        return scores;
    }

    private void report(Comparison comparison, List<Contender> contenders) throws IOException {
        Contender learned = contenders.getFirst();
        Map<Method, Path> pictures = new LinkedHashMap<>();
        contenders.forEach(contender ->
                pictures.put(contender.method(), plan.folder(contender.method()).picture()));
        new DemoReport(
                        learned.outcome().manifest(),
                        comparison,
                        plan.evaluation(
                                dataset,
                                learned.settings(),
                                learned.outcome().set().images().count()),
                        plan.steps(),
                        HistoryRow.read(plan.folder(learned.method()).history()),
                        pictures)
                .writeTo(plan.report());
    }
}
