package dev.reverie.deploy.run;

import dev.reverie.actors.telemetry.TelemetryListener;

/**
 * Receives telemetry, and the progress of long work that has no events. Two threads can call its methods at the same
 * time.
 */
public interface RunListener extends TelemetryListener {

    /**
     * The network that chooses the images was trained further.
     *
     * @param samples number of images so far, above 0
     * @param total number of images of the whole training
     */
    void selectionTrained(int samples, int total);

    /**
     * The network of an evaluation of the set was trained further.
     *
     * @param epoch number of completed epochs, 1 to {@code epochs}
     * @param epochs number of epochs of the whole training
     */
    void evaluationTrained(int epoch, int epochs);
}
