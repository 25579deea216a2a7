package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The accuracy in the end, by a number that is varied.
 *
 * @param curve fractions, one a seed, by the number
 */
record FinalAccuracies(CurveStatistics curve) {

    private static final double PERCENT = 100;

    static FinalAccuracies of(Map<Integer, RunVariant> variants, RunCache laboratory) throws IOException {
        CurveStatistics curve = new CurveStatistics();
        for (Map.Entry<Integer, RunVariant> each : variants.entrySet()) {
            for (long seed : laboratory.study().seeds()) {
                curve.add(
                        each.getKey(),
                        laboratory.accuracy(AccuracyTask.last(each.getValue().of(seed))));
            }
        }
        return new FinalAccuracies(curve);
    }

    /** Percent. */
    Figure.Series series(String name) {
        return curve.series(name, PERCENT);
    }

    /** The mean at each number, called as it is to be called. */
    String said(Function<Integer, String> name) {
        List<String> said = new ArrayList<>();
        curve.forEach((number, values) -> said.add("%s %.1f %%"
                .formatted(name.apply(number), PERCENT * MeanAndStd.of(values).mean())));
        return String.join(", ", said);
    }
}
