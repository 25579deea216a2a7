package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.lab.analyze.Figure.Series;
import dev.reverie.lab.analyze.RunRecording.LoopSnapshot;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.ArrayList;
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
    public List<RunVariant> variants(AnalysisSettings settings) {
        return RunVariant.dreamAndRandom(settings);
    }

    @Override
    public Result analyze(AnalysisRuns runs) throws IOException {
        AnalysisSettings settings = runs.settings();
        List<List<Image>> classes = IntStream.range(0, settings.dataset().classes())
                .mapToObj(settings::sample)
                .toList();
        CsvTable table = new CsvTable(List.of("selection", "seed", "loops", "class", "discrepancy"));
        List<Series> series = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (RunVariant variant : variants(settings)) {
            CurveStatistics found = new CurveStatistics();
            for (long seed : settings.seeds()) {
                List<LoopSnapshot> snapshots =
                        evenlySpaced(runs.recording(variant.of(seed)).snapshots());
                try (NetworkAnalyzer analyzer = runs.analyzer(variant.of(seed))) {
                    for (LoopSnapshot snapshot : snapshots) {
                        for (int label = 0; label < classes.size(); label++) {
                            double discrepancy = analyzer.discrepancy(
                                    snapshot.network(),
                                    snapshot.classes().get(label).real(),
                                    classes.get(label));
                            table.add(variant.name(), seed, snapshot.loop(), label, discrepancy);
                            found.add(snapshot.loop(), discrepancy);
                        }
                    }
                }
            }
            series.add(found.series(variant.name(), 1));
            MeanAndStd all = found.all();
            summaries.add("%s %.3f +- %.3f".formatted(variant.name(), all.mean(), all.std()));
        }
        Figure figure = new Figure(
                "Discrepancy between the real batch and its class",
                "inner loops",
                "mean discrepancy (root mean square distances)",
                series);
        return new Result(table, figure, String.join(", ", summaries));
    }

    private static List<LoopSnapshot> evenlySpaced(List<LoopSnapshot> all) {
        int count = Math.min(MAX_SNAPSHOTS, all.size());
        return IntStream.range(0, count)
                .mapToObj(i -> all.get(i * all.size() / count))
                .toList();
    }
}
