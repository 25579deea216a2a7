package dev.reverie.deploy.experiments.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.gpu.profile.MachineLimits;
import java.util.Locale;

/**
 * What every benchmark tells.
 *
 * @param what was timed
 * @param ms a repeat took
 * @param gflop 10^9 floating-point operations in a repeat, those of convolutions and matrix products
 * @param gflops how many of them a second, at the median
 * @param limits of this machine, measured just before
 * @param fraction of the limit of computing that was reached, in [0, 1]
 */
public record BenchReport(
        @JsonUnwrapped BenchCase what,
        TimingSummary ms,
        int repeats,
        double gflop,
        double gflops,
        MachineLimits limits,
        double fraction) {

    private static final double MILLIS = 1e3;
    private static final double GIGA = 1e9;
    private static final double PERCENT = 100;

    static BenchReport of(BenchCase what, double[] millis, double flop, MachineLimits limits) {
        TimingSummary ms = TimingSummary.of(millis);
        double gflop = flop / GIGA;
        double gflops = gflop / (ms.median() / MILLIS);
        return new BenchReport(what, ms, millis.length, gflop, gflops, limits, gflops / limits.gflops());
    }

    /** For a person, in a few lines. */
    public String table() {
        return String.format(
                Locale.ROOT,
                """
                %s: median %.1f ms (min %.1f, max %.1f, %d repeats)
                  work     %8.2f GFLOP, %.0f GFLOP/s
                  machine  %8.0f GFLOP/s in convolutions, %.0f in matrix products; %.1f GB/s copying
                  reached  %8.0f %%""",
                what.title(),
                ms.median(),
                ms.min(),
                ms.max(),
                repeats,
                gflop,
                gflops,
                limits.convolutionGflops(),
                limits.gemmGflops(),
                limits.copyGigabytesPerSecond(),
                PERCENT * fraction);
    }
}
