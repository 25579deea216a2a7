package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.util.List;

/** One figure: which runs it wants, and what it makes of them. */
interface Analysis {

    /** The runs that it will ask for. */
    List<DistillationSettings> runs(AnalysisSettings study);

    /** The sets that it will have judged. */
    default List<AccuracyTask> exams(AnalysisSettings study) {
        return List.of();
    }

    /**
     * Makes what is wanted and looks at it.
     *
     * @throws IOException if a checkpoint cannot be written
     * @throws dev.reverie.deploy.run.StoppedException if its user wishes to stop
     */
    AnalysisResult findings(RunCache laboratory) throws IOException;
}
