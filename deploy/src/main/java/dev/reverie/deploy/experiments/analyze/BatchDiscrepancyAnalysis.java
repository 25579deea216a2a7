package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far the real batch of a step is from standing for its class, in the features of the network that it is matched
 * on: mean discrepancy, see {@link dev.reverie.gpu.select.MeanDiscrepancy} (DREAM, figure 2c).
 */
final class BatchDiscrepancyAnalysis implements Analysis {

    /** Embedding the classes takes longer than one would wish to wait for more. */
    private static final int MOMENTS = 20;

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return RunVariant.runs(RunVariant.dreamAndRandom(study), study).toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        AnalysisSettings study = laboratory.study();
        List<List<Image>> classes = IntStream.range(0, study.dataset().classes())
                .mapToObj(study::sample)
                .toList();
        CsvTable table = CsvTable.of("selection", "seed", "loops", "class", "discrepancy");
        List<Series> series = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (RunVariant variant : RunVariant.dreamAndRandom(study)) {
            CurveStatistics found = new CurveStatistics();
            for (long seed : study.seeds()) {
                List<LoopSnapshot> moments =
                        some(laboratory.recording(variant.of(seed)).moments());
                try (NetworkProbe probe = laboratory.probe(variant.of(seed))) {
                    for (LoopSnapshot moment : moments) {
                        for (int label = 0; label < classes.size(); label++) {
                            double discrepancy = probe.discrepancy(
                                    moment.network(), moment.views().get(label).real(), classes.get(label));
                            table.add(variant.name(), seed, moment.loop(), label, discrepancy);
                            found.add(moment.loop(), discrepancy);
                        }
                    }
                }
            }
            series.add(found.series(variant.name(), 1));
            MeanAndStd all = found.all();
            said.add("%s %.3f +- %.3f".formatted(variant.name(), all.mean(), all.std()));
        }
        Figure figure = new Figure(
                "Discrepancy of the real batch to its class",
                "inner loops",
                "mean discrepancy (root mean square distances)",
                Scale.LINEAR,
                series);
        return new AnalysisResult(table, figure, String.join(", ", said));
    }

    private static List<LoopSnapshot> some(List<LoopSnapshot> all) {
        int count = Math.min(MOMENTS, all.size());
        return IntStream.range(0, count)
                .mapToObj(i -> all.get(i * all.size() / count))
                .toList();
    }
}
