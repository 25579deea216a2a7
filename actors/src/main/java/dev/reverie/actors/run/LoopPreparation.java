package dev.reverie.actors.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import org.apache.pekko.Done;

/**
 * Prepares an inner loop: trains a new network before its first loop, draws the expert that guides the loop, lets the
 * training after the loop run ahead, refreshes the representatives that are due and, for methods whose classes share a
 * loss, computes it. Aborts the run if one of these cannot be done. Belongs to the coordinator and runs on its thread.
 */
final class LoopPreparation {

    /** Decides whether a preparation goes on, and is told how it ends. */
    interface Owner {

        /** Whether the run must end, so that a new network is not trained further. */
        boolean mustEnd();

        /**
         * Called when the visits can begin.
         *
         * @param seconds time that the worker has spent on the loop so far, in seconds
         */
        void onPrepared(double seconds);

        /** Called if no expert can be used in this loop, but perhaps in the next one. */
        void onSkipped();

        /** Called if the run must end before the network of the loop is completely trained. */
        void onIncompleteNetwork(boolean begun);
    }

    private final RunActors actors;
    private final RunClasses classes;
    private final RunNetworks networks;
    private final Owner owner;
    private LoopPosition position = LoopPosition.START;

    LoopPreparation(RunActors actors, RunClasses classes, RunNetworks networks, Owner owner) {
        this.actors = actors;
        this.classes = classes;
        this.networks = networks;
        this.owner = owner;
    }

    void begin(LoopPosition next) {
        position = next;
        warmUp(0);
    }

    /**
     * Trains a new network before its first loop. If the run must end meanwhile, the loop is abandoned, and a resumed
     * run trains the network from the start.
     */
    private void warmUp(int before) {
        int samples = networks.warmUpSamples(position, before);
        if (samples == 0) {
            networks.guidance().ifPresentOrElse(this::guide, this::refreshRepresentatives);
        } else if (owner.mustEnd()) {
            networks.abandonWarmUp(before);
            owner.onIncompleteNetwork(before > 0);
        } else {
            actors.then(
                    networks.warmUp(position, samples, before), answer -> onNetworkWarmedUp(before + samples, answer));
        }
    }

    private void onNetworkWarmedUp(int samples, WorkerReply.Result<TrainMatchingNetworkOutcome> answer) {
        if (answer instanceof WorkerReply.Failed<TrainMatchingNetworkOutcome>(var reason)) {
            actors.telemetry()
                    .on(new TelemetryEvent.Warning("training a new network before its first loop failed (" + reason
                            + "); learning continues with an untrained network, so nothing needs to be done"
                            + " unless this recurs"));
        }
        warmUp(samples);
    }

    /** Draws the expert before the representatives are refreshed, because they are chosen by its features. */
    private void guide(ExpertGuidance guidance) {
        actors.then(guidance.guide(position, networks.at(position)), answer -> {
            switch (answer) {
                case WorkerReply.Completed<Done> _ -> refreshRepresentatives();
                case WorkerReply.Failed<Done>(var reason) -> skip("the expert could not be loaded: " + reason);
            }
        });
    }

    private void refreshRepresentatives() {
        networks.trainAhead(position);
        actors.then(
                actors.refreshRepresentatives(position, networks.at(position), classes.all()),
                seconds -> networks.joint()
                        .ifPresentOrElse(joint -> matchJointly(joint, seconds), () -> owner.onPrepared(seconds)));
    }

    /** Computes the loss of all classes together, {@code seconds} of worker time after the begin of the loop. */
    private void matchJointly(JointSteps joint, double seconds) {
        actors.then(joint.match(position, networks.at(position), classes.all()), answer -> joint.update(answer)
                .ifPresentOrElse(this::skip, () -> owner.onPrepared(seconds + answer.seconds())));
    }

    private void skip(String reason) {
        actors.telemetry()
                .on(new TelemetryEvent.Warning("inner loop " + position.inner()
                        + " is skipped, and the run continues with the next one: " + reason));
        owner.onSkipped();
    }
}
