package dev.reverie.lab.analyze;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs analyses one after another and writes the files of each analysis as soon as that analysis is complete.
 *
 * @param analyses distinct analyses, in the order in which they run
 * @param folder an existing folder
 * @param cancellation stops the work; files that were already written are kept
 */
public record Analyzer(
        AnalysisSettings settings,
        List<AnalysisKind> analyses,
        EngineFactory engines,
        AnalysisFolder folder,
        ProgressViews progress,
        Cancellation cancellation) {

    public Analyzer {
        analyses = List.copyOf(analyses);
    }

    /**
     * Runs the analyses.
     *
     * @return {@code true} if all analyses are complete, {@code false} if the user cancelled
     * @throws IOException if a file cannot be written; files that were already written are kept
     */
    public boolean run() throws IOException {
        try (ProgressView view = progress.begin("Analyzing")) {
            AnalysisProgress total =
                    new AnalysisProgress(settings, runs(analyses), accuracyTasks(), view, progress.clock());
            try (AnalysisRunCache cache = new AnalysisRunCache(
                    settings, accuracyTasks(), engines, folder.path(), total, progress.clock(), cancellation)) {
                for (int i = 0; i < analyses.size(); i++) {
                    AnalysisKind each = analyses.get(i);
                    Analysis.Result result = each.analysis().analyze(cache);
                    folder.write(each, result);
                    view.note(each.label() + ": " + result.summary());
                    cache.retainOnly(runs(analyses.subList(i + 1, analyses.size())));
                }
                total.begin("done");
            }
            return true;
        } catch (StoppedException _) {
            return false;
        }
    }

    private Set<DistillationSettings> runs(Collection<AnalysisKind> some) {
        Set<DistillationSettings> runs = new LinkedHashSet<>();
        some.forEach(each -> runs.addAll(each.analysis().runs(settings)));
        return runs;
    }

    private Set<AccuracyTask> accuracyTasks() {
        Set<AccuracyTask> tasks = new LinkedHashSet<>();
        analyses.stream().map(AnalysisKind::analysis).forEach(each -> tasks.addAll(each.accuracyTasks(settings)));
        return tasks;
    }
}
