package dev.reverie.actors.clustering;

import java.time.Duration;

/**
 * How long representatives serve. They are chosen anew when any of the three has passed, and with every new network.
 *
 * @param loops inner loops
 * @param period of time
 * @param arrivals new samples, as a fraction of those the class had seen
 */
public record RefreshInterval(int loops, Duration period, double arrivals) {

    public RefreshInterval {
        if (loops < 1 || period.isNegative() || period.isZero() || !(arrivals > 0)) {
            throw new IllegalArgumentException("representatives serve for at least a loop, a time and some arrivals,"
                    + " got " + loops + ", " + period + " and " + arrivals);
        }
    }
}
