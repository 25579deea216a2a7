package dev.reverie.deploy.experiments.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;

/**
 * What telemetry and metrics cost an inner loop, in two ways: by turns without and with them, which is as good as the
 * machine is steady; and as the sum of what each event, each kernel's timing and each scrape cost by themselves.
 *
 * @param without milliseconds of a loop without metrics
 * @param with the same with all of them
 * @param difference of the medians, as a share of that without; negative where the machine decided
 * @param events that a loop sends
 * @param eventMicros to send one, and to hand it to the metrics
 * @param kernelCalls in a loop
 * @param kernelCallNanos to time one
 * @param scrapeMs to make the page that a scrape gets
 * @param share of a loop that all this is, each core's part counted in full, with a scrape every 15 s
 */
public record TelemetryCost(
        @JsonUnwrapped LoopBench what,
        TimingSummary without,
        TimingSummary with,
        double difference,
        double events,
        double eventMicros,
        double kernelCalls,
        double kernelCallNanos,
        double scrapeMs,
        double share) {

    private static final double MICROS_PER_MILLI = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SCRAPE_INTERVAL_MS = 15_000;
    private static final double PERCENT = 100;

    /** What happens in a loop, and what each of it costs. */
    record Parts(double events, double eventMicros, double kernelCalls, double kernelCallNanos, double scrapeMs) {

        private double share(double loopMs) {
            return (events * eventMicros / MICROS_PER_MILLI + kernelCalls * kernelCallNanos / NANOS_PER_MILLI) / loopMs
                    + scrapeMs / SCRAPE_INTERVAL_MS;
        }
    }

    static TelemetryCost of(LoopBench what, double[] without, double[] with, Parts parts) {
        TimingSummary bare = TimingSummary.of(without);
        TimingSummary full = TimingSummary.of(with);
        return new TelemetryCost(
                what,
                bare,
                full,
                full.median() / bare.median() - 1,
                parts.events(),
                parts.eventMicros(),
                parts.kernelCalls(),
                parts.kernelCallNanos(),
                parts.scrapeMs(),
                parts.share(bare.median()));
    }

    /** For a person, in a few lines. */
    public String table() {
        return String.format(
                Locale.ROOT,
                """
                %s
                  without  %9.1f ms (median; min %.1f, max %.1f)
                  with     %9.1f ms (median; min %.1f, max %.1f): %+.2f %%
                  events   %9.1f a loop, %.2f us each
                  kernels  %9.0f calls a loop, %.0f ns each to time
                  scrape   %9.1f ms
                  in all   %9.3f %% of a loop""",
                what.title(),
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
