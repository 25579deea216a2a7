package dev.reverie.streams.kafka;

/**
 * How far reading is behind.
 *
 * @param records that wait, marks of transactions included
 * @param end sum of the offsets at which the partitions end
 */
record ConsumerLag(long records, long end) {

    static final ConsumerLag NONE = new ConsumerLag(0, 0);
}
