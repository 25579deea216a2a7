package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.deploy.text.Plural;
import java.util.Locale;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The result of a compute benchmark.
 *
 * @param ms milliseconds per repeat
 * @param gflop floating-point operations per repeat in convolutions and matrix products, in units of 10^9
 * @param gflops floating-point operations per second, in units of 10^9, based on the median time
 * @param limits the limits of this machine, measured just before the benchmark
 * @param fraction {@code gflops} as a fraction of the arithmetic limit of the machine
 */
record BenchReport(
        @JsonUnwrapped Workload workload,
        Times ms,
        int repeats,
        double gflop,
        double gflops,
        MachineLimits limits,
        double fraction) {

    private static final double GIGA = 1e9;
    private static final double PERCENT = 100;

    /** What a benchmark times; the components of its record appear as parameters in the JSON output. */
    interface Workload {

        /** Describes the workload, for example {@code one class step at 1x28x28, width 128}. */
        @JsonIgnore
        String title();
    }

    static BenchReport of(Workload workload, double[] millis, double flop, MachineLimits limits) {
        Times ms = Times.of(millis);
        double gflop = flop / GIGA;
        double gflops = gflop / (ms.median() / Times.MILLIS_PER_SECOND);
        return new BenchReport(workload, ms, millis.length, gflop, gflops, limits, gflops / limits.gflops());
    }

    String table() {
        return String.format(
                Locale.ROOT,
                """
                %s: median %.1f ms (min %.1f, max %.1f, %s)
                  work     %8.2f GFLOP, %.0f GFLOP/s
                  machine  %8.0f GFLOP/s in convolutions, %.0f in matrix products; %.1f GB/s copying
                  reached  %8.0f %%""",
                workload.title(),
                ms.median(),
                ms.min(),
                ms.max(),
                Plural.of(repeats, "repeat"),
                gflop,
                gflops,
                limits.convolutionGflops(),
                limits.gemmGflops(),
                limits.copyGigabytesPerSecond(),
                PERCENT * fraction);
    }

    /** The minimum, median and maximum times of a benchmark's repeats, in milliseconds. */
    record Times(double min, double median, double max) {

        static final double MILLIS_PER_SECOND = 1e3;

        static Times of(double... millis) {
            return new Times(StatUtils.min(millis), StatUtils.percentile(millis, 50), StatUtils.max(millis));
        }
    }
}
