package dev.reverie.streams.kafka;

/**
 * Detects a stalled consumer, which processes no records although records are waiting. Transaction markers count as
 * waiting records forever, so the detector reports at most one stall per end offset. Not thread safe.
 */
final class StallDetector {

    private final long maxIdleChecks;
    private long lastActivity = -1;
    private long stalledEnd = -1;
    private long idle;

    /**
     * Creates a detector.
     *
     * @param maxIdleChecks number of consecutive checks without progress after which the consumer counts as stalled; a
     *     number below 1 counts as 1
     */
    StallDetector(long maxIdleChecks) {
        this.maxIdleChecks = maxIdleChecks;
    }

    /**
     * Checks for a stall.
     *
     * @param end sum of the end offsets, which grows with each new record
     * @param activity number that grows whenever records are processed
     * @return true once per stall, and then false until new records arrive
     */
    boolean isStalled(long lag, long end, long activity) {
        if (lag == 0 || activity != lastActivity || end == stalledEnd) {
            lastActivity = activity;
            idle = 0;
            return false;
        }
        idle++;
        if (idle < maxIdleChecks) {
            return false;
        }
        idle = 0;
        stalledEnd = end;
        return true;
    }
}
