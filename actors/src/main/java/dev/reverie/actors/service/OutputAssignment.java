package dev.reverie.actors.service;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Numbers the outputs of a network, one for each class. New classes take over the outputs of forgotten ones, so that
 * the network does not grow as classes come and go. Not thread safe.
 */
final class OutputAssignment {

    private final Queue<Integer> free = new ArrayDeque<>();
    private int used;
    /** Whether a class was forgotten since the last {@link #restart}. */
    private boolean released;

    /** The output of a class that has none. */
    int next() {
        return free.isEmpty() ? used++ : free.remove();
    }

    /** Frees the output of a class that is forgotten. */
    void release(int output) {
        free.add(output);
        released = true;
    }

    /** Number of outputs that a network for all classes needs, at least 1. */
    int count() {
        return Math.max(1, used);
    }

    /**
     * Begins again with the first output for a new network.
     *
     * @return whether outputs of earlier networks may stand for other classes now
     */
    boolean restart() {
        boolean changed = released;
        released = false;
        used = 0;
        free.clear();
        return changed;
    }
}
