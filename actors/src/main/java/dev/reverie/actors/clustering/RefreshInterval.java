package dev.reverie.actors.clustering;

import java.time.Duration;

/**
 * The interval between two refreshes of the representatives of a class. A refresh is due when any of the three limits
 * is reached, and for every new network.
 *
 * @param loops limit on the number of inner loops
 * @param period limit on the time
 * @param arrivals limit on the number of new samples, as a fraction of those that the class had admitted at the last
 *     refresh
 */
public record RefreshInterval(int loops, Duration period, double arrivals) {

    public RefreshInterval {
        if (loops < 1 || period.isNegative() || period.isZero() || !(arrivals > 0)) {
            throw new IllegalArgumentException("a refresh interval needs at least 1 loop, a positive period and a"
                    + " positive fraction of arrivals, got " + loops + ", " + period + " and " + arrivals);
        }
    }
}
