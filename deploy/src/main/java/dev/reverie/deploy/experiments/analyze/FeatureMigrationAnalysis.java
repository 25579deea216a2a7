package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.NetworkProbe;
import dev.reverie.gpu.method.NetworkState;
import dev.reverie.gpu.select.Features;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How far synthetic images move from one snapshot to the next, in the features of one network that is never trained
 * (DREAM, figures 1b and 4a): Euclidean distance, mean over all images.
 */
final class FeatureMigrationAnalysis implements Analysis {

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return RunVariant.runs(RunVariant.dreamAndRandom(study), study).toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        AnalysisSettings study = laboratory.study();
        CsvTable table = CsvTable.of("selection", "seed", "loops", "class", "distance");
        List<Series> series = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (RunVariant variant : RunVariant.dreamAndRandom(study)) {
            CurveStatistics found = new CurveStatistics();
            for (long seed : study.seeds()) {
                List<LoopSnapshot> moments =
                        laboratory.recording(variant.of(seed)).moments();
                for (int label = 0; label < study.dataset().classes(); label++) {
                    List<Double> moves = moves(laboratory, variant.of(seed), moments, label);
                    for (int i = 0; i < moves.size(); i++) {
                        int loops = moments.get(i + 1).loop();
                        table.add(variant.name(), seed, loops, label, moves.get(i));
                        found.add(loops, moves.get(i));
                    }
                }
            }
            if (!found.isEmpty()) {
                series.add(found.series(variant.name(), 1));
                said.add("%s %.3g in the end"
                        .formatted(variant.name(), found.last().mean()));
            }
        }
        Figure figure = new Figure(
                "Migration of synthetic images between snapshots",
                "inner loops",
                "distance in the features of a random network",
                Scale.LINEAR,
                series);
        return new AnalysisResult(table, figure, String.join(", ", said));
    }

    /** Mean way of the images of a class from each moment to the next. */
    private static List<Double> moves(
            RunCache laboratory, DistillationSettings settings, List<LoopSnapshot> moments, int label) {
        try (NetworkProbe probe = laboratory.probe(settings)) {
            NetworkState random = probe.fresh(new NetworkId(
                    settings.schedule().outerIterations(),
                    laboratory.study().dataset().classes()));
            List<Features> places = moments.stream()
                    .map(moment ->
                            probe.features(random, moment.views().get(label).stored()))
                    .toList();
            List<Double> moves = new ArrayList<>();
            for (int i = 1; i < places.size(); i++) {
                moves.add(distance(places.get(i - 1), places.get(i)));
            }
            return moves;
        }
    }

    private static double distance(Features from, Features to) {
        FloatBuffer before = from.values();
        FloatBuffer after = to.values();
        double sum = 0;
        for (int image = 0; image < from.count(); image++) {
            double squared = 0;
            for (int i = 0; i < from.dimension(); i++) {
                double way = (double) after.get() - before.get();
                squared += way * way;
            }
            sum += Math.sqrt(squared);
        }
        return sum / from.count();
    }
}
