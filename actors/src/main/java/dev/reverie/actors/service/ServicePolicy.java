package dev.reverie.actors.service;

import dev.reverie.actors.clustering.RefreshInterval;
import java.time.Duration;

/**
 * Decides when the classes of a service are distilled, converge, wake and refresh their representatives.
 *
 * @param minImages real images in its reservoir before a class is distilled
 * @param patience outer iterations without improvement after which a class has converged
 * @param improvement smallest decrease of the mean matching loss that counts as one, as a fraction
 * @param drift a converged class wakes when its loss exceeds the level at convergence by this factor
 * @param visitEvery a converged class is visited in one of this many loops
 * @param freshness interval between two refreshes of representatives
 * @param idle pause before the next update of the classes when none is to be visited
 */
public record ServicePolicy(
        int minImages,
        int patience,
        double improvement,
        double drift,
        int visitEvery,
        RefreshInterval freshness,
        Duration idle) {

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
}
