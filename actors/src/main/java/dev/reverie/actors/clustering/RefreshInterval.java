package dev.reverie.actors.clustering;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The interval between two refreshes of a class's representatives. A refresh is due when any of the three maxima is
 * reached, and whenever a new network is used, but never before the pause after the last refresh of any class has
 * ended.
 *
 * @param loops maximum number of inner loops between two refreshes; empty if the networks are not trained:
 *     representatives chosen with one such network suit any other, so neither loops nor new networks make a refresh due
 * @param period maximum time between two refreshes
 * @param arrivals maximum number of new samples between two refreshes, as a fraction of the number of samples at the
 *     earlier refresh
 * @param share maximum share of the time that a worker spends on refreshes, in (0, 1]; empty for all of the time, or
 *     for {@value #UNTRAINED_SHARE} if the networks are not trained
 */
public record RefreshInterval(Optional<Integer> loops, Duration period, double arrivals, Optional<Double> share) {

    /**
     * Upper limit on the time that a refresh takes. Even a selection from a full reservoir of large images on few cores
     * takes less.
     */
    public static final Duration LONGEST_REFRESH = Duration.ofMinutes(10);

    private static final double UNTRAINED_SHARE = 0.1;

    public RefreshInterval {
        if (loops.filter(number -> number < 1).isPresent()
                || period.isNegative()
                || period.isZero()
                || !(arrivals > 0)
                || share.filter(part -> !(part > 0 && part <= 1)).isPresent()) {
            throw new IllegalArgumentException("a refresh interval needs at least 1 loop, a positive period, a positive"
                    + " fraction of arrivals and a share above 0 and at most 1, got " + loops + ", " + period + ", "
                    + arrivals + " and " + share);
        }
    }

    /** The same interval for networks that are not trained. */
    public RefreshInterval forUntrainedNetworks() {
        return new RefreshInterval(Optional.empty(), period, arrivals, Optional.of(share.orElse(UNTRAINED_SHARE)));
    }

    /**
     * The pause after a refresh that keeps refreshes within their share of the time.
     *
     * @param taken time that the refresh took. A longer time counts as {@link #LONGEST_REFRESH}, because only a
     *     suspended process (SIGSTOP) takes longer
     */
    Duration pauseAfter(Duration taken) {
        Duration counted = Collections.min(List.of(taken, LONGEST_REFRESH));
        return Duration.ofNanos(Math.round(counted.toNanos() * (1 / share.orElse(1.0) - 1)));
    }
}
