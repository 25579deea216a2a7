package dev.reverie.actors.reservoir;

import dev.reverie.gpu.dataset.Image;
import java.time.Instant;

/**
 * A real image in a reservoir.
 *
 * @param ordinal ordinal of the sample among all samples of its class, from 0
 * @param arrived time at which the class stored the image; {@link #UNKNOWN} in stores of earlier versions
 */
public record ReservoirImage(long ordinal, Image image, Instant arrived) {

    public static final Instant UNKNOWN = Instant.EPOCH;

    ReservoirImage arrivedIfUnknown(Instant time) {
        return arrived.equals(UNKNOWN) ? new ReservoirImage(ordinal, image, time) : this;
    }
}
