package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Accuracy by the number of inner loops between two choices of representatives (DREAM, figure 4b). */
final class ClusteringIntervalAnalysis implements Analysis {

    private static final List<Integer> INTERVALS = List.of(1, 5, 10, 20, 50);

    private static Map<Integer, RunVariant> variants(AnalysisSettings study) {
        Map<Integer, RunVariant> variants = new TreeMap<>();
        INTERVALS.forEach(interval -> variants.put(
                interval, new RunVariant("interval " + interval, seed -> every(interval, study.dream(seed)))));
        return variants;
    }

    private static DistillationSettings every(int interval, DistillationSettings settings) {
        Representatives chosen = settings.representatives();
        return settings.with(new Representatives(chosen.count(), interval, chosen.candidates(), chosen.perCentroid()));
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return RunVariant.runs(List.copyOf(variants(study).values()), study).toList();
    }

    @Override
    public List<AccuracyTask> exams(AnalysisSettings study) {
        return runs(study).stream().map(AccuracyTask::last).toList();
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        List<Long> seeds = laboratory.study().seeds();
        FinalAccuracies found = FinalAccuracies.of(variants(laboratory.study()), laboratory);
        CsvTable table = CsvTable.of("interval", "seed", "accuracy");
        found.curve().forEach((interval, bySeed) -> {
            for (int i = 0; i < seeds.size(); i++) {
                table.add(interval, seeds.get(i), bySeed.get(i));
            }
        });
        Figure figure = new Figure(
                "Accuracy by the clustering interval",
                "inner loops between two clusterings",
                "accuracy (%)",
                Scale.LINEAR,
                List.of(found.series("dream")));
        return new AnalysisResult(table, figure, found.said(interval -> "every " + interval));
    }
}
