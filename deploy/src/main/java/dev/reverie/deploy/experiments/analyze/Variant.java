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
record Variant(String name, LongFunction<DistillationSettings> settings) {

    DistillationSettings of(long seed) {
        return settings.apply(seed);
    }

    /** DREAM, and the same without what makes it DREAM: what most figures compare. */
    static List<Variant> dreamAndRandom(Study study) {
        return List.of(new Variant("random", study::random), new Variant("dream", study::dream));
    }

    /** The runs of all variants and seeds. */
    static Stream<DistillationSettings> runs(List<Variant> variants, Study study) {
        return study.seeds().stream().flatMap(seed -> variants.stream().map(variant -> variant.of(seed)));
    }
}
