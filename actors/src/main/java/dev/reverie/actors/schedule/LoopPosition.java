package dev.reverie.actors.schedule;

/**
 * An inner loop of a run. As the position of a run: the one to do next.
 *
 * @param outer outer iteration, from 0
 * @param inner inner loop in it, from 0
 */
public record LoopPosition(int outer, int inner) {

    public static final LoopPosition START = new LoopPosition(0, 0);

    public LoopPosition {
        if (outer < 0 || inner < 0) {
            throw new IllegalArgumentException("loops count from 0, got outer " + outer + ", inner " + inner);
        }
    }

    /** The loop after this one where an outer iteration has so many inner loops. */
    public LoopPosition next(int innerLoops) {
        return inner + 1 < innerLoops ? new LoopPosition(outer, inner + 1) : new LoopPosition(outer + 1, 0);
    }
}
