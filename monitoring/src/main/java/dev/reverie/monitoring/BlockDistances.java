package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.Arrays;
import java.util.List;

/** The metric of the contribution of each network block to the matching loss. Updated by one thread, scraped by any. */
final class BlockDistances {

    private final Gauge distance;
    private int outer;
    private int inner;
    private int steps;
    private double[] sums = new double[0];
    private int shown;

    BlockDistances(MetricRegistrar registrar) {
        distance = registrar.gauge(
                "reverie_match_block_distance",
                "Contribution of a convolution block to the matching loss, averaged over the class steps of the last"
                        + " inner loop. Blocks are counted from the input.",
                "block");
    }

    /**
     * Adds a class step. The first step of a new inner loop discards the steps of an inner loop that did not complete.
     * The steps of a loop can be on networks with different numbers of blocks.
     */
    void add(ClassMatched matched) {
        List<Double> losses = matched.blockLosses();
        if (steps == 0 || matched.outer() != outer || matched.inner() != inner) {
            outer = matched.outer();
            inner = matched.inner();
            steps = 0;
            sums = new double[losses.size()];
        }
        steps++;
        sums = Arrays.copyOf(sums, Math.max(sums.length, losses.size()));
        for (int block = 0; block < losses.size(); block++) {
            sums[block] += losses.get(block);
        }
    }

    void show(InnerLoopCompleted loop) {
        if (steps == 0 || loop.outer() != outer || loop.inner() != inner) {
            return;
        }
        if (sums.length < shown) {
            distance.clear();
        }
        shown = sums.length;
        for (int block = 0; block < sums.length; block++) {
            distance.labelValues(Integer.toString(block + 1)).set(sums[block] / steps);
        }
        steps = 0;
    }
}
