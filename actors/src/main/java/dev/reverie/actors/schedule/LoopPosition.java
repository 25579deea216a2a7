package dev.reverie.actors.schedule;

/**
 * The position of an inner loop; as the position of a run, its next loop.
 *
 * @param outer outer iteration, from 0
 * @param inner inner loop in it, from 0
 */
public record LoopPosition(int outer, int inner) {

    public static final LoopPosition START = new LoopPosition(0, 0);

    public LoopPosition {
        if (outer < 0 || inner < 0) {
            throw new IllegalArgumentException("positions count from 0, got outer " + outer + ", inner " + inner);
        }
    }

    /**
     * The position after this one.
     *
     * @param innerLoops per outer iteration
     */
    public LoopPosition next(int innerLoops) {
        return inner + 1 < innerLoops ? new LoopPosition(outer, inner + 1) : new LoopPosition(outer + 1, 0);
    }
}
