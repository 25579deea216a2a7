package dev.reverie.actors.schedule;

/**
 * An inner loop of a run. As the position of a run: the one to do next.
 *
 * @param outer outer iteration, from 0
 * @param inner inner loop in it, from 0
 */
public record Position(int outer, int inner) {

    public static final Position START = new Position(0, 0);

    public Position {
        if (outer < 0 || inner < 0) {
            throw new IllegalArgumentException("loops count from 0, got outer " + outer + ", inner " + inner);
        }
    }

    /** The loop after this one where an outer iteration has so many inner loops. */
    public Position next(int innerLoops) {
        return inner + 1 < innerLoops ? new Position(outer, inner + 1) : new Position(outer + 1, 0);
    }
}
