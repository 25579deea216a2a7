package dev.reverie.gpu.dataset;

/**
 * The ranges in which the values of a patch can lie: all pairs of a lower and a higher (or equal) one of
 * {@value #BOUNDS} evenly spaced bytes from 0 to 255, ordered by low, then by high. A code selects one of several
 * evenly spaced values of a range.
 */
final class PatchRanges {

    /** Number of ranges; the index of a range takes one byte. */
    static final int COUNT = 253;

    private static final int BOUNDS = 22; // 22 * 23 / 2 pairs are the most that a byte can index
    private static final int[] LOW = new int[COUNT];
    private static final int[] HIGH = new int[COUNT];

    static {
        int range = 0;
        for (int low = 0; low < BOUNDS; low++) {
            for (int high = low; high < BOUNDS; high++) {
                LOW[range] = level(low);
                HIGH[range] = level(high);
                range++;
            }
        }
    }

    private PatchRanges() {}

    private static int level(int index) {
        return rounded(index * Image.MAX_LEVEL, BOUNDS - 1);
    }

    /** Divides and rounds to the nearest integer; {@code divisor} is odd, so that no quotient is halfway. */
    private static int rounded(int dividend, int divisor) {
        return (dividend + divisor / 2) / divisor;
    }

    /** Returns a range that contains two values, 0 to 255; each end may lie one bound further out than necessary. */
    static int enclosing(int lowest, int highest) {
        int low = lowest * (BOUNDS - 1) / Image.MAX_LEVEL;
        int high = Math.ceilDiv(highest * (BOUNDS - 1), Image.MAX_LEVEL);
        return low * BOUNDS - low * (low - 1) / 2 + high - low;
    }

    /** Returns a lower bound on the squared error of a patch: that of its lowest and highest values, 0 to 255. */
    static int leastError(int range, int lowest, int highest) {
        int below = Math.max(0, LOW[range] - lowest);
        int above = Math.max(0, highest - HIGH[range]);
        return lowest == highest ? Math.max(below * below, above * above) : below * below + above * above;
    }

    /**
     * Returns the value, 0 to 255, of a code in a range.
     *
     * @param code from 0, the lowest value of the range, to {@code most}, the highest
     * @param most the highest code, an odd number
     */
    static int value(int range, int code, int most) {
        return rounded(LOW[range] * (most - code) + HIGH[range] * code, most);
    }
}
