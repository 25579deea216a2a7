package dev.reverie.actors.service;

import dev.reverie.actors.clustering.RefreshInterval;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Determines when each class of a service is distilled, counts as converged, wakes and gets new representatives.
 *
 * @param minImages number of accepted images that a class needs before it is distilled
 * @param patience number of outer iterations without improvement after which a class has converged
 * @param improvement smallest relative decrease of the mean matching loss that counts as an improvement
 * @param drift a converged class wakes when its mean loss minus two standard errors exceeds this factor times the last
 *     mean loss that counted as an improvement or, after a restart, the first mean loss
 * @param visitEvery interval between visits to a converged class, in updates of the classes, of which one precedes each
 *     loop
 * @param refresh interval between two refreshes of a class's representatives
 * @param idle pause before the next update of the classes if none of them is due for a visit
 */
public record ServicePolicy(
        int minImages,
        int patience,
        double improvement,
        double drift,
        int visitEvery,
        RefreshInterval refresh,
        Duration idle) {

    private static final int IDLE_PAUSES_WITHOUT_ENGINE = 15;
    private static final Duration LONGEST_WATCH = Duration.ofSeconds(30);

    public ServicePolicy {
        if (minImages < 1 || patience < 1 || visitEvery < 1) {
            throw new IllegalArgumentException("minImages, patience and visitEvery must be at least 1, got " + minImages
                    + ", " + patience + " and " + visitEvery);
        }
        if (!(improvement >= 0) || !(drift >= 1)) {
            throw new IllegalArgumentException(
                    "improvement must be at least 0 and drift at least 1, got " + improvement + " and " + drift);
        }
    }

    /** Pause between two checks whether all classes reply. */
    Duration watch() {
        return Collections.min(List.of(idleWithoutEngine(), LONGEST_WATCH));
    }

    /** Pause before the next update of the classes if the engine is lost. */
    Duration idleWithoutEngine() {
        return idle.multipliedBy(IDLE_PAUSES_WITHOUT_ENGINE);
    }
}
