package dev.reverie.actors.run;

import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.clustering.ClusteringActor;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.pekko.Done;

/** The result of an asynchronous step, which the {@link RunCoordinator} pipes to itself. */
sealed interface RunSelfMessage extends RunCommand {

    record ClassesPrepared() implements RunSelfMessage {}

    record ClassInitialised(AddClass request, ClassRef joining) implements RunSelfMessage {}

    record InitialisationFailed(ClassRef joining, Throwable cause) implements RunSelfMessage {}

    /** The result of a step of the {@link LoopPreparation}. */
    sealed interface LoopPreparationStep extends RunSelfMessage {}

    record RepresentativesRefreshed(ClusteringActor.Reply reply) implements LoopPreparationStep {}

    /**
     * The network of a new outer iteration was trained on more images.
     *
     * @param samples number of images in the warm-up so far
     */
    record NetworkWarmedUp(int samples, WorkerReply.Result<TrainMatchingNetworkOutcome> answer)
            implements LoopPreparationStep {}

    /** The worker has the expert that guides the loop, or could not be given one. */
    record Guided(WorkerReply.Result<Done> answer) implements LoopPreparationStep {}

    /**
     * The student has finished its rollout, or the rollout has failed.
     *
     * @param refreshSeconds worker time of the refresh before the rollout, in seconds
     */
    record RolloutDone(WorkerReply.Result<StudentRolloutOutcome> answer, double refreshSeconds)
            implements LoopPreparationStep {

        /** Worker time of the refresh and the rollout, in seconds. */
        double workerSeconds() {
            return switch (answer) {
                case WorkerReply.Completed<StudentRolloutOutcome>(var _, var seconds) -> refreshSeconds + seconds;
                case WorkerReply.Failed<StudentRolloutOutcome> _ -> refreshSeconds;
            };
        }
    }

    /** The set was evaluated; without an accuracy if the evaluation failed or was stopped. */
    record SetEvaluated(OptionalDouble accuracy) implements RunSelfMessage {}

    record CheckpointSaved() implements RunSelfMessage {}

    record CheckpointFailed(Throwable cause) implements RunSelfMessage {}

    record DistilledSetReady(Ending ending, DistilledSet set, Optional<List<float[]>> observer)
            implements RunSelfMessage {}

    record TelemetryFlushed() implements RunSelfMessage {}
}
