package dev.reverie.actors.deduplication;

/**
 * An item of an ingest source, for example a file, that a delivery contains as a whole.
 *
 * @param key 64 bits that identify the item, for example a hash of the name, size and time of a file
 * @param samples number of samples from the item, at least 1
 */
public record DeliveredItem(long key, int samples) {

    public DeliveredItem {
        if (samples < 1) {
            throw new IllegalArgumentException("an item has at least one sample, got " + samples);
        }
    }
}
