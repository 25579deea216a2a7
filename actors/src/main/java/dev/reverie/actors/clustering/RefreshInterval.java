package dev.reverie.actors.clustering;

import java.time.Duration;

/**
 * The interval between two refreshes of the representatives of a class. A refresh is due when any of the three limits
 * is reached, and with every new network.
 *
 * @param loops number of inner loops
 * @param period of time
 * @param arrivals number of new samples, as a fraction of those that the class had seen before
 */
public record RefreshInterval(int loops, Duration period, double arrivals) {

    public RefreshInterval {
        if (loops < 1 || period.isNegative() || period.isZero() || !(arrivals > 0)) {
            throw new IllegalArgumentException("a refresh interval needs at least 1 loop, a positive period and a"
                    + " positive fraction of arrivals, got " + loops + ", " + period + " and " + arrivals);
        }
    }
}
