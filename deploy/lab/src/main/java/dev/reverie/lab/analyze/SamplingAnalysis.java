package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;

/**
 * Compares the accuracy over the inner loops when synthetic images are initialised with, and matched to, random,
 * central, boundary or representative real images (DREAM, figure 2b).
 */
final class SamplingAnalysis implements Analysis {

    @Override
    public List<RunVariant> variants(AnalysisSettings settings) {
        return List.of(
                new RunVariant("random", settings::random),
                new RunVariant("central", seed -> settings.dream(Initialiser.CENTRAL, SelectionRule.CENTRAL, seed)),
                new RunVariant("boundary", seed -> settings.dream(Initialiser.BOUNDARY, SelectionRule.BOUNDARY, seed)),
                new RunVariant("dream", settings::dream));
    }

    @Override
    public List<Integer> evaluated(AnalysisSettings settings) {
        return settings.evaluatedIterations();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AccuracyCurves curves = AccuracyCurves.of(variants(runs.settings()), runs);
        CsvTable table = new CsvTable(List.of("selection", "seed", "loops", "accuracy"));
        curves.runs().forEach(run -> run.points()
                .forEach(point -> table.add(run.variant().name(), run.seed(), point.loops(), point.accuracy())));
        Figure figure =
                new Figure("Accuracy for each choice of real images", "inner loops", "accuracy (%)", curves.series());
        return new Result(table, figure, curves.summary());
    }
}
