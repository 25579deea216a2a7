package dev.reverie.actors.intake;

import java.util.List;

/**
 * Samples that are admitted all together or not at all.
 *
 * @param samples not empty
 */
public record Delivery(IngestSource door, List<Sample> samples) {

    public Delivery {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a delivery has at least one sample");
        }
    }
}
