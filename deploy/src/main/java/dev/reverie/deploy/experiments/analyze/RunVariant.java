package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * One of several runs that are compared.
 *
 * @param name in legend and table
 * @param settings of the run, by seed
 */
record RunVariant(String name, LongFunction<DistillationSettings> settings) {

    DistillationSettings of(long seed) {
        return settings.apply(seed);
    }

    /** DREAM, and the same without what makes it DREAM: what most figures compare. */
    static List<RunVariant> dreamAndRandom(AnalysisSettings study) {
        return List.of(new RunVariant("random", study::random), new RunVariant("dream", study::dream));
    }

    /** The runs of all variants and seeds. */
    static Stream<DistillationSettings> runs(List<RunVariant> variants, AnalysisSettings study) {
        return study.seeds().stream().flatMap(seed -> variants.stream().map(variant -> variant.of(seed)));
    }
}
