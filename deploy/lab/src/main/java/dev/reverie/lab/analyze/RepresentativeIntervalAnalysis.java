package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures how the final accuracy depends on the number of inner loops between two choices of representatives (DREAM,
 * figure 4b).
 */
final class RepresentativeIntervalAnalysis implements Analysis {

    private static final List<Integer> INTERVALS = List.of(1, 5, 10, 20, 50);

    private static Map<Integer, RunVariant> variants(AnalysisSettings settings) {
        Map<Integer, RunVariant> variants = new TreeMap<>();
        INTERVALS.forEach(interval -> variants.put(
                interval, new RunVariant("every " + interval, seed -> withInterval(interval, settings.dream(seed)))));
        return variants;
    }

    private static DistillationSettings withInterval(int interval, DistillationSettings run) {
        return run.withRepresentatives(run.representatives().withInterval(interval));
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings settings) {
        return RunVariant.runs(List.copyOf(variants(settings).values()), settings)
                .toList();
    }

    @Override
    public List<AccuracyTask> accuracyTasks(AnalysisSettings settings) {
        return runs(settings).stream().map(AccuracyTask::last).toList();
    }

    @Override
    public Result analyze(AnalysisRunCache runs) throws IOException {
        FinalAccuracies accuracies = FinalAccuracies.of(variants(runs.settings()), runs);
        CsvWriter table = CsvWriter.of("interval", "seed", "accuracy");
        accuracies.runs().forEach(run -> table.add(run.value(), run.seed(), run.accuracy()));
        Figure figure = new Figure(
                "Accuracy over the interval between choices of representatives",
                "inner loops between two choices of representatives",
                "accuracy (%)",
                List.of(accuracies.series("dream")));
        return new Result(table, figure, accuracies.summary());
    }
}
