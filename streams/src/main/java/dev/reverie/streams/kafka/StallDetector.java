package dev.reverie.streams.kafka;

/**
 * Notices that reading stands still: there are records, and nothing happens to them. Transactions leave marks that look
 * like records forever, so of what came to nothing once, nothing is expected again. Not thread safe.
 */
final class StallDetector {

    private final long patience;
    private long signs = -1;
    private long barrenEnd = -1;
    private long idle;

    /**
     * Nothing noticed yet.
     *
     * @param patience number of looks without progress after which reading counts as standing still
     */
    StallDetector(long patience) {
        this.patience = Math.max(1, patience);
    }

    /**
     * Takes note of how it stands.
     *
     * @param behind number of records that wait
     * @param end of all that there is, as a number that grows with each record
     * @param signsOfLife a number that grows with whatever happens to records
     * @return whether reading has stood still for too long; not again before something changes
     */
    boolean standsStill(long behind, long end, long signsOfLife) {
        if (behind == 0 || signsOfLife != signs || end == barrenEnd) {
            signs = signsOfLife;
            idle = 0;
            return false;
        }
        idle++;
        if (idle < patience) {
            return false;
        }
        idle = 0;
        barrenEnd = end;
        return true;
    }
}
