package dev.reverie.actors.schedule;

import dev.reverie.gpu.engine.NetworkId;

/**
 * The turn of one class in an inner loop.
 *
 * @param label class index
 * @param turn output of the network that stands for the class, and in a run, which visits all classes in this order,
 *     how many had their turn before in this loop
 * @param classes number of outputs; momentum goes on as if each had its turn in every loop
 */
public record ClassVisit(LoopPosition position, int label, int turn, int classes) {

    public ClassVisit {
        if (turn < 0 || turn >= classes) {
            throw new IllegalArgumentException("want a turn below " + classes + ", got " + turn);
        }
    }

    /** The network that is matched against. */
    public NetworkId network() {
        return new NetworkId(position.outer(), classes);
    }

    /** How many classes have their turn after this one, in this loop. */
    public int turnsAfter() {
        return classes - 1 - turn;
    }
}
