package dev.reverie.actors.schedule;

import dev.reverie.gpu.engine.NetworkId;

/**
 * A class's turn in an inner loop.
 *
 * @param label class index
 * @param turn index of the network output for the class; a run visits its classes in the order of these indices, so
 *     this is also the number of earlier visits in the loop
 * @param classes number of network outputs, one for each class; the momentum of the images continues as if every class
 *     were visited in every loop
 */
public record ClassVisit(LoopPosition position, int label, int turn, int classes) {

    public ClassVisit {
        if (turn < 0 || turn >= classes) {
            throw new IllegalArgumentException("a turn must be from 0 to " + (classes - 1) + ", got " + turn);
        }
    }

    /** The matching network. */
    public NetworkId network() {
        return new NetworkId(position.outer(), classes);
    }

    /** The number of classes whose turn comes later in this loop. */
    public int turnsAfter() {
        return classes - 1 - turn;
    }
}
