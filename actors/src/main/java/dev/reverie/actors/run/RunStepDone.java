package dev.reverie.actors.run;

import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.clustering.ClusteringActor;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.RolloutOutcome;
import dev.reverie.gpu.engine.TrainOutcome;

/** What the {@link RunCoordinator} tells itself when something it waited for is there. */
sealed interface RunStepDone extends RunCommand {

    record Prepared() implements RunStepDone {}

    record Joined(AddClass request, ClassRef member) implements RunStepDone {}

    record NotJoined(AddClass request, ClassRef member, Throwable cause) implements RunStepDone {}

    record Clustered(ClusteringActor.Reply reply) implements RunStepDone {}

    /**
     * A fresh network has seen more images.
     *
     * @param samples in all
     */
    record WarmedUp(int samples, WorkerReply.Answer<TrainOutcome> answer) implements RunStepDone {}

    /**
     * The student has walked.
     *
     * @param seconds of the worker before it
     */
    record Walked(WorkerReply.Answer<RolloutOutcome> answer, double seconds) implements RunStepDone {}

    record Trained(WorkerReply.Answer<TrainOutcome> answer) implements RunStepDone {}

    record Saved() implements RunStepDone {}

    record NotSaved(Throwable cause) implements RunStepDone {}

    record SetReady(Ending ending, DistilledSet set) implements RunStepDone {}

    record Delivered() implements RunStepDone {}
}
