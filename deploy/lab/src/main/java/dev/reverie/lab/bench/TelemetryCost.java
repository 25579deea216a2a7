package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;

/**
 * The cost of telemetry and metrics in an inner loop. The cost is measured in two ways: by alternating runs with and
 * without metrics on an otherwise idle machine, and by adding up the costs of all events, kernel timings and scrapes.
 *
 * @param difference difference between the medians as a fraction of the median of {@code without}; negative if noise
 *     exceeds the cost
 * @param eventMicros microseconds to publish an event and to update the metrics
 * @param kernelCallNanos nanoseconds to time a kernel call
 * @param scrapeMs milliseconds to produce the response to a scrape
 * @param share the cost as a share of an inner loop, with a scrape every 15 s; the costs on all cores are added up, as
 *     if the cores did not run in parallel
 */
record TelemetryCost(
        @JsonUnwrapped LoopBench bench,
        BenchReport.Times without,
        BenchReport.Times with,
        double difference,
        double events,
        double eventMicros,
        double kernelCalls,
        double kernelCallNanos,
        double scrapeMs,
        double share) {

    private static final double PERCENT = 100;

    String table() {
        return String.format(
                Locale.ROOT,
                """
                %s
                  without  %9.1f ms (median; min %.1f, max %.1f)
                  with     %9.1f ms (median; min %.1f, max %.1f): %+.2f %%
                  events   %9.1f per loop, %.2f us each
                  kernels  %9.0f calls per loop, %.0f ns each to time
                  scrape   %9.1f ms
                  total    %9.3f %% of a loop""",
                bench.title(),
                without.median(),
                without.min(),
                without.max(),
                with.median(),
                with.min(),
                with.max(),
                PERCENT * difference,
                events,
                eventMicros,
                kernelCalls,
                kernelCallNanos,
                scrapeMs,
                PERCENT * share);
    }
}
