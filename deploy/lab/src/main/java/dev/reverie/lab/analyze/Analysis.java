package dev.reverie.lab.analyze;

import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;

/** An analysis, which declares the runs that it compares and turns what they recorded into a table and a figure. */
interface Analysis {

    record Result(CsvTable table, Figure figure, String summary) {}

    List<VariantRun> runs(AnalysisSettings settings);

    /** Returns the numbers of outer iterations after which it needs the accuracy of a run; none if it needs none. */
    default List<Integer> evaluated(AnalysisSettings settings) {
        return List.of();
    }

    /** Obtains the declared runs and accuracies and computes the result. */
    Result analyze(AnalysisRuns runs) throws IOException;
}
