package dev.reverie.actors.schedule;

import dev.reverie.gpu.engine.NetworkState.NetworkId;

/**
 * The visit of a class in an inner loop.
 *
 * @param output index of the network output for the class; a loop visits its classes in the order of these indices
 * @param classes number of network outputs, one for each class; the momentum of the images continues as if every class
 *     were visited in every loop
 */
public record ClassVisit(LoopPosition position, int classIndex, int output, int classes) {

    public ClassVisit {
        if (output < 0 || output >= classes) {
            throw new IllegalArgumentException("the output must be from 0 to " + (classes - 1) + ", got " + output);
        }
    }

    public NetworkId network() {
        return new NetworkId(position.outer(), classes);
    }

    /** The number of outputs after this one. The momentum of the images decays once for each of them. */
    public int outputsAfter() {
        return classes - 1 - output;
    }
}
