package dev.reverie.actors.intake;

import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;

/**
 * Samples that are accepted or refused together.
 *
 * @param samples the samples, at least one
 */
public record Delivery(IngestSource source, List<Sample> samples) {

    public Delivery {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a delivery needs at least one sample");
        }
    }

    /** Total size of the images, in bytes. */
    long bytes() {
        return samples.stream()
                .mapToLong(sample -> sample.image().shape().size())
                .sum();
    }
}
