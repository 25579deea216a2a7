package dev.reverie.actors.reservoir;

import java.time.Duration;
import java.time.Instant;

/**
 * The age at which real images leave their class, once newer ones have arrived.
 *
 * @param age maximum age, positive
 * @param images number of images that a class keeps in its reservoir whatever their age, so that it can be learned
 * @param testImages number of test images that a class keeps whatever their age, so that it can be tested
 */
public record MaxAge(Duration age, int images, int testImages) {

    public MaxAge {
        if (!age.isPositive() || images < 0 || testImages < 0) {
            throw new IllegalArgumentException(
                    "a maximum age must be positive and the numbers of images at least 0, got " + age + ", " + images
                            + " and " + testImages);
        }
    }

    /** What leaves when images arrive at the given time. */
    public Expiry at(Instant time) {
        return new Expiry(time.minus(age), images, testImages);
    }

    /**
     * The images that arrived before a time leave, but the newest ones stay.
     *
     * @param images number of images that stay in the reservoir
     * @param testImages number of test images that stay
     */
    public record Expiry(Instant before, int images, int testImages) {}
}
