package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;

/**
 * Samples that are sent and answered together; each stands for itself.
 *
 * @param samples the samples, at least one
 * @param files the files from which all the samples come, in the order of the samples; empty if repeated files are to
 *     be recognised by their samples alone
 */
public record Delivery(IngestSource source, List<Sample> samples, List<DeliveredFile> files) {

    public Delivery {
        samples = List.copyOf(samples);
        files = List.copyOf(files);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a delivery needs at least one sample");
        }
        int ofFiles = files.stream().mapToInt(DeliveredFile::samples).sum();
        if (!files.isEmpty() && ofFiles != samples.size()) {
            throw new IllegalArgumentException(
                    "the files have " + ofFiles + " samples, but the delivery has " + samples.size());
        }
    }

    /** Creates a delivery whose repetition is recognised by its samples. */
    public Delivery(IngestSource source, List<Sample> samples) {
        this(source, samples, List.of());
    }

    /** Approximate size in memory, in bytes. */
    public long bytes() {
        return samples.stream().mapToLong(Sample::bytes).sum();
    }
}
