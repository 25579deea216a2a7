package dev.reverie.actors.intake;

import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;

/**
 * Samples that are accepted or refused together.
 *
 * @param samples not empty
 */
public record Delivery(IngestSource source, List<Sample> samples) {

    public Delivery {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a delivery needs at least one sample");
        }
    }

    /** Bytes of all its images. */
    long bytes() {
        return samples.stream()
                .mapToLong(sample -> sample.image().shape().size())
                .sum();
    }
}
