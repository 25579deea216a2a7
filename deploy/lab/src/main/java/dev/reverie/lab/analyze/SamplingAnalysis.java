package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares the accuracy over the inner loops when synthetic images are initialised with, and matched to, random,
 * central, boundary or representative real images (DREAM, figure 2b).
 */
final class SamplingAnalysis implements Analysis {

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return Stream.of(
                        VariantRun.of("random", settings.seeds(), settings::random),
                        VariantRun.of(
                                "central",
                                settings.seeds(),
                                seed -> settings.dream(Initialiser.CENTRAL, SelectionRule.CENTRAL, seed)),
                        VariantRun.of(
                                "boundary",
                                settings.seeds(),
                                seed -> settings.dream(Initialiser.BOUNDARY, SelectionRule.BOUNDARY, seed)),
                        VariantRun.of("dream", settings.seeds(), settings::dream))
                .flatMap(runs -> runs)
                .toList();
    }

    @Override
    public List<Integer> evaluated(AnalysisSettings settings) {
        return settings.evaluatedIterations();
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        CsvTable table = new CsvTable(List.of("selection", "seed", "loops", "accuracy"));
        Curves curves = new Curves();
        for (VariantRun run : runs(settings)) {
            for (int outer : settings.evaluatedIterations()) {
                int loops = outer * settings.innerLoops();
                double accuracy = runs.accuracy(run.settings(), outer);
                table.add(run.variant(), run.seed(), loops, accuracy);
                curves.add(run.variant(), loops, accuracy);
            }
        }
        BandChart chart = BandChart.fromZero(
                "Accuracy for each choice of real images", "inner loops", "accuracy (%)", curves.percentages());
        return new Result(table, chart, curves.lastAccuracies());
    }
}
