package dev.reverie.actors.service;

import dev.reverie.actors.clustering.RefreshInterval;
import java.time.Duration;

/**
 * When what happens to a class that lives on a stream.
 *
 * @param minImages in its reservoir before a class is distilled
 * @param patience outer iterations without a better matching loss after which a class has converged
 * @param improvement of its mean matching loss that counts as better, as a fraction
 * @param drift factor above its level at convergence at which the loss of a converged class wakes it
 * @param visitEvery a converged class has its turn at one of so many looks at all classes
 * @param freshness of the representatives
 * @param idle pause before the classes are looked at again when none is to be learned
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
            throw new IllegalArgumentException("minimum, patience and the loops between two visits are at least 1");
        }
        if (!(improvement >= 0) || !(drift >= 1)) {
            throw new IllegalArgumentException(
                    "an improvement is not negative and a drift at least 1, got " + improvement + " and " + drift);
        }
    }
}
