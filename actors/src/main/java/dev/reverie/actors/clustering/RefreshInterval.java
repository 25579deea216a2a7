package dev.reverie.actors.clustering;

import java.time.Duration;

/**
 * The interval between two refreshes of a class's representatives. A refresh is due when any of the three limits is
 * reached, and whenever a new network is used.
 *
 * @param loops maximum number of inner loops between two refreshes
 * @param period maximum time between two refreshes
 * @param arrivals maximum number of new samples between two refreshes, as a fraction of the number of samples at the
 *     earlier refresh
 */
public record RefreshInterval(int loops, Duration period, double arrivals) {

    public RefreshInterval {
        if (loops < 1 || period.isNegative() || period.isZero() || !(arrivals > 0)) {
            throw new IllegalArgumentException("a refresh interval needs at least 1 loop, a positive period and a"
                    + " positive fraction of arrivals, got " + loops + ", " + period + " and " + arrivals);
        }
    }
}
