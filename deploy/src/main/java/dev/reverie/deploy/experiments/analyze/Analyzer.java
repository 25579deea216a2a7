package dev.reverie.deploy.experiments.analyze;

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
 * Makes some analyses, one after the other, and writes the files of each as soon as it is made.
 *
 * @param analyses each once
 * @param folder created
 * @param patience ends the work, which keeps what is written by then
 */
public record Analyzer(
        AnalysisSettings study,
        List<AnalysisKind> analyses,
        EngineFactory engines,
        AnalysisFolder folder,
        ProgressViews progress,
        Cancellation patience) {

    public Analyzer {
        analyses = List.copyOf(analyses);
    }

    /**
     * Makes them.
     *
     * @return whether all are made; not if its user wished to stop
     * @throws IOException if a file cannot be written; what was written before stays
     */
    public boolean run() throws IOException {
        try (ProgressView view = progress.begin("Analyzing")) {
            AnalysisProgress workload = new AnalysisProgress(study, runs(analyses), exams(), view, progress.clock());
            try (RunCache laboratory =
                    new RunCache(study, exams(), engines, folder.path(), workload, progress.clock(), patience)) {
                for (int i = 0; i < analyses.size(); i++) {
                    AnalysisKind each = analyses.get(i);
                    AnalysisResult findings = each.analysis().findings(laboratory);
                    folder.write(each, findings);
                    view.note(each.label() + ": " + findings.said());
                    laboratory.forgetAllBut(runs(analyses.subList(i + 1, analyses.size())));
                }
                workload.begin("done");
            }
            return true;
        } catch (StoppedException _) {
            return false;
        }
    }

    private Set<DistillationSettings> runs(Collection<AnalysisKind> some) {
        Set<DistillationSettings> runs = new LinkedHashSet<>();
        some.forEach(each -> runs.addAll(each.analysis().runs(study)));
        return runs;
    }

    private Set<AccuracyTask> exams() {
        Set<AccuracyTask> exams = new LinkedHashSet<>();
        analyses.stream().map(AnalysisKind::analysis).forEach(each -> exams.addAll(each.exams(study)));
        return exams;
    }
}
