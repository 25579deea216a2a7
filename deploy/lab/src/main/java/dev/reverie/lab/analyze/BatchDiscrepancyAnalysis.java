package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.lab.analyze.RunRecording.LoopSnapshot;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures how well the real batch of a class step represents its class: the mean discrepancy between the features of
 * the batch and those of the class in the matching network (DREAM, figure 2c).
 *
 * @see dev.reverie.gpu.select.MeanDiscrepancy
 */
final class BatchDiscrepancyAnalysis implements Analysis {

    /** Limits the snapshots that are measured, because embedding all classes is slow. */
    private static final int MAX_SNAPSHOTS = 20;

    @Override
    public List<VariantRun> runs(AnalysisSettings settings) {
        return VariantRun.ofRandomAndDream(settings, settings.seeds());
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        List<List<Image>> classes = IntStream.range(0, settings.dataset().classes())
                .mapToObj(settings::sample)
                .toList();
        CsvTable table = new CsvTable(List.of("selection", "seed", "loops", "class", "discrepancy"));
        Curves curves = new Curves();
        for (VariantRun run : runs(settings)) {
            List<LoopSnapshot> snapshots =
                    evenlySpaced(runs.recording(run.settings()).snapshots());
            try (NetworkAnalyzer analyzer = runs.analyzer(run.settings())) {
                for (LoopSnapshot snapshot : snapshots) {
                    for (int label = 0; label < classes.size(); label++) {
                        List<Image> batch = snapshot.classes().get(label).real();
                        double discrepancy = analyzer.discrepancy(snapshot.network(), batch, classes.get(label));
                        table.add(run.variant(), run.seed(), snapshot.loop(), label, discrepancy);
                        curves.add(run.variant(), snapshot.loop(), discrepancy);
                    }
                }
            }
        }
        BandChart chart = BandChart.fromZero(
                "Discrepancy between the real batch and its class",
                "inner loops",
                "mean discrepancy (root mean square distances)",
                curves.series());
        return new Result(table, chart, curves.summary(variant -> {
            MeanAndStd all = curves.all(variant);
            return "%s %.3f +- %.3f".formatted(variant, all.mean(), all.std());
        }));
    }

    private static List<LoopSnapshot> evenlySpaced(List<LoopSnapshot> all) {
        int count = Math.min(MAX_SNAPSHOTS, all.size());
        return IntStream.range(0, count)
                .mapToObj(i -> all.get(i * all.size() / count))
                .toList();
    }
}
