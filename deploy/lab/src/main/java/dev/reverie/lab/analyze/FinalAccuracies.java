package dev.reverie.lab.analyze;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Final accuracies of runs that differ in one setting and in their seeds.
 *
 * @param runs the runs, ordered by the value of the setting, then by seed
 */
record FinalAccuracies(List<Run> runs) {

    private static final double PERCENT = 100;

    FinalAccuracies {
        runs = List.copyOf(runs);
    }

    /**
     * The final accuracy of one run.
     *
     * @param value value of the setting
     * @param variant name of the variant with this value
     * @param accuracy a fraction in [0, 1]
     */
    record Run(int value, String variant, long seed, double accuracy) {}

    /**
     * Evaluates the final images of the runs of all variants.
     *
     * @param variants the variants by the value of the setting, in ascending order
     * @throws IOException like {@link AnalysisRunCache#accuracy}
     */
    static FinalAccuracies of(Map<Integer, RunVariant> variants, AnalysisRunCache cache) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Map.Entry<Integer, RunVariant> each : variants.entrySet()) {
            RunVariant variant = each.getValue();
            for (long seed : cache.settings().seeds()) {
                double accuracy = cache.accuracy(AccuracyTask.last(variant.of(seed)));
                runs.add(new Run(each.getKey(), variant.name(), seed, accuracy));
            }
        }
        return new FinalAccuracies(runs);
    }

    /** Returns the series to plot, in percent. */
    Figure.Series series(String name) {
        CurveStatistics curve = new CurveStatistics();
        runs.forEach(run -> curve.add(run.value(), run.accuracy()));
        return curve.series(name, PERCENT);
    }

    /** Returns one line with the mean accuracy of each variant. */
    String summary() {
        Map<String, List<Double>> byVariant = runs.stream()
                .collect(Collectors.groupingBy(
                        Run::variant, LinkedHashMap::new, Collectors.mapping(Run::accuracy, Collectors.toList())));
        return byVariant.entrySet().stream()
                .map(each -> "%s %.1f %%"
                        .formatted(
                                each.getKey(),
                                PERCENT * MeanAndStd.of(each.getValue()).mean()))
                .collect(Collectors.joining(", "));
    }
}
