package dev.reverie.actors.schedule;

/**
 * The position of an inner loop in a run or a service. The position of a run is the position of its next loop.
 *
 * @param outer outer iteration, from 0
 * @param inner inner loop within the outer iteration, from 0
 */
public record LoopPosition(int outer, int inner) {

    public static final LoopPosition START = new LoopPosition(0, 0);

    public LoopPosition {
        if (outer < 0 || inner < 0) {
            throw new IllegalArgumentException("positions count from 0, got outer " + outer + ", inner " + inner);
        }
    }

    public LoopPosition next(int innerLoops) {
        return inner + 1 < innerLoops ? new LoopPosition(outer, inner + 1) : new LoopPosition(outer + 1, 0);
    }
}
