package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.util.List;

/**
 * An analysis, which declares the runs and evaluations that it needs and turns their results into a table and a figure.
 */
interface Analysis {

    /**
     * The outcome of an analysis.
     *
     * @param table all numbers
     * @param figure a plot of the numbers
     * @param summary the main result in one line
     */
    record Result(CsvWriter table, Figure figure, String summary) {}

    /** Returns the settings of the runs that {@link #analyze} will request. */
    List<DistillationSettings> runs(AnalysisSettings settings);

    /** Returns the sets whose accuracy {@link #analyze} will request. */
    default List<AccuracyTask> accuracyTasks(AnalysisSettings settings) {
        return List.of();
    }

    /**
     * Obtains the declared runs and accuracies and computes the result.
     *
     * @throws IOException if the temporary folder of a checkpoint cannot be created or deleted
     * @throws dev.reverie.actors.checkpoint.CheckpointException if a checkpoint cannot be written or read
     * @throws dev.reverie.deploy.run.StoppedException if the user cancels
     */
    Result analyze(AnalysisRunCache runs) throws IOException;
}
