package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Final accuracies of runs that differ in one setting and in their seeds.
 *
 * @param curve accuracies for each value of the setting, one per seed, as fractions
 */
record FinalAccuracies(CurveStatistics curve) {

    private static final double PERCENT = 100;

    static FinalAccuracies of(Map<Integer, RunVariant> variants, AnalysisRunCache runs) throws IOException {
        CurveStatistics curve = new CurveStatistics();
        for (Map.Entry<Integer, RunVariant> each : variants.entrySet()) {
            for (long seed : runs.settings().seeds()) {
                curve.add(
                        each.getKey(),
                        runs.accuracy(AccuracyTask.last(each.getValue().of(seed))));
            }
        }
        return new FinalAccuracies(curve);
    }

    /** Returns the series to plot, in percent. */
    Figure.Series series(String name) {
        return curve.series(name, PERCENT);
    }

    /** Returns one line with the mean accuracy for each value of the setting; {@code name} describes a value. */
    String summary(Function<Integer, String> name) {
        List<String> summaries = new ArrayList<>();
        curve.forEach((number, values) -> summaries.add("%s %.1f %%"
                .formatted(name.apply(number), PERCENT * MeanAndStd.of(values).mean())));
        return String.join(", ", summaries);
    }
}
