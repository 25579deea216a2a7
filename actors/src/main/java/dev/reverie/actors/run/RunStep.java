package dev.reverie.actors.run;

import dev.reverie.actors.classes.Member;
import dev.reverie.actors.clustering.ClusteringActor;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.method.TrainOutcome;
import dev.reverie.gpu.method.WalkOutcome;

/** What the {@link Coordinator} tells itself when something it waited for is there. */
sealed interface RunStep extends RunCommand {

    record Prepared() implements RunStep {}

    record Joined(AddClass request, Member member) implements RunStep {}

    record NotJoined(AddClass request, Member member, Throwable cause) implements RunStep {}

    record Clustered(ClusteringActor.Reply reply) implements RunStep {}

    /**
     * A fresh network has seen more images.
     *
     * @param samples in all
     */
    record WarmedUp(int samples, Reply.Answer<TrainOutcome> answer) implements RunStep {}

    /**
     * The student has walked.
     *
     * @param seconds of the worker before it
     */
    record Walked(Reply.Answer<WalkOutcome> answer, double seconds) implements RunStep {}

    record Trained(Reply.Answer<TrainOutcome> answer) implements RunStep {}

    record Saved() implements RunStep {}

    record NotSaved(Throwable cause) implements RunStep {}

    record SetReady(Ending ending, DistilledSet set) implements RunStep {}

    record Delivered() implements RunStep {}
}
