package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.function.LongFunction;

/**
 * One of the run variants that an analysis compares.
 *
 * @param name name in the legend and the table
 * @param runBySeed returns the settings of the run for a seed
 */
record RunVariant(String name, LongFunction<DistillationSettings> runBySeed) {

    /** Returns the settings of the run for a seed. */
    DistillationSettings of(long seed) {
        return runBySeed.apply(seed);
    }

    /**
     * Returns the two variants that several analyses compare: the baseline, which has none of DREAM's parts, and DREAM.
     */
    static List<RunVariant> dreamAndRandom(AnalysisSettings settings) {
        return List.of(new RunVariant("random", settings::random), new RunVariant("dream", settings::dream));
    }
}
