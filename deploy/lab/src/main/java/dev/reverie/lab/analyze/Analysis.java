package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import java.io.IOException;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** An analysis, which declares the runs that it compares and turns what they recorded into a table and a figure. */
interface Analysis {

    record Result(CsvTable table, BandChart chart, String summary) {}

    List<VariantRun> runs(AnalysisSettings settings);

    /** Returns the numbers of outer iterations after which it needs the accuracy of a run; none if it needs none. */
    default List<Integer> evaluated(AnalysisSettings settings) {
        return List.of();
    }

    Result analyze(AnalysisRuns runs) throws IOException;

    /** A run of one of the variants, named in the legend and the table, that an analysis compares. */
    record VariantRun(String variant, long seed, DistillationSettings settings) {

        static Stream<VariantRun> of(String variant, List<Long> seeds, LongFunction<DistillationSettings> bySeed) {
            return seeds.stream().map(seed -> new VariantRun(variant, seed, bySeed.apply(seed)));
        }

        /** Returns the runs of DREAM's baseline, which has none of its parts, and then those of DREAM. */
        static List<VariantRun> ofRandomAndDream(AnalysisSettings settings, List<Long> seeds) {
            return Stream.concat(of("random", seeds, settings::random), of("dream", seeds, settings::dream))
                    .toList();
        }
    }
}
