package dev.reverie.actors.deduplication;

/**
 * A file of an ingest source, all samples of which are in one delivery.
 *
 * @param key 64 bits that identify the file, a hash of its name, size and time
 * @param samples number of samples from the file, at least 1
 */
public record DeliveredFile(long key, int samples) {

    public DeliveredFile {
        if (samples < 1) {
            throw new IllegalArgumentException("a file has at least one sample, got " + samples);
        }
    }
}
